"""The follow-up on the page of a lead."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from leads.contact import steps
from tests.dashboard import text_of
from tests.factories import make_call, make_lead, make_user
from workspaces.models import LogEntry, Role


@pytest.fixture
def lead(cast):
    """A lead that was called once and is to be called again tomorrow."""
    cast.workspace.follow_up_plan = "standard"
    cast.workspace.save()
    lead = make_lead(cast.workspace)
    make_call(lead, used_budget=True, ended_reason="customer-did-not-answer")
    steps.plan(lead, "attempt", timezone.now() + timedelta(days=1))
    return lead


def page_of(lead) -> str:
    return f"/admin/{lead.workspace.slug}/leads/{lead.pk}"


def test_attempts_and_the_next_one_are_shown(lead, visit):
    told = text_of(visit(make_user(lead.workspace, Role.AGENT)).get(page_of(lead)))

    assert "1 of 6 attempts made." in told
    assert re.search(r"Next: \w+ \d+ \w+, \d\d:\d\d UTC ?, in 24 hours", told), told


def test_a_member_stops_further_calls(lead, visit):
    member = make_user(lead.workspace, Role.AGENT)
    visitor = visit(member)

    visitor.post(f"{page_of(lead)}/stop-follow-up")

    told = text_of(visitor.get(page_of(lead)))
    assert not lead.steps.planned().exists()
    assert "No further call is planned." in told
    assert f"Further calls stopped, by {member.email}" in told
    row = LogEntry.objects.get(workspace=lead.workspace, code="lead.stop_follow_up")
    assert row.lead_id == lead.pk


def test_what_is_stopped_already_is_said(lead, visit):
    visitor = visit(make_user(lead.workspace))
    visitor.post(f"{page_of(lead)}/stop-follow-up")

    visitor.post(f"{page_of(lead)}/stop-follow-up")

    assert "No further call is planned any more." in text_of(visitor.get(page_of(lead)))


def test_a_lead_without_a_plan_shows_no_follow_up(cast, visit):
    lead = make_lead(cast.workspace)
    make_call(lead)

    assert "Follow-up" not in text_of(visit(make_user(cast.workspace)).get(page_of(lead)))
