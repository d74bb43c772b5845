"""Leads that are held, and when they are called without anybody asking for it."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.utils import timezone

from leads.contact import rules
from leads.contact.planned import claims, steps
from leads.contact.rules import Purpose
from leads.models import HeldBecause, Lead, Step
from tests.client import Api
from tests.factories import make_lead, make_workspace
from workspaces.settings import administration

NIGHT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
# Hours that are open at no time within a day of now.
CLOSED = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def closed_hours() -> str:
    """Return hours that open in three days."""
    day = (datetime.now(UTC) + timedelta(days=3)).weekday()
    return f"{CLOSED[day]} 09:00-10:00"


def submit(web, cast) -> tuple[dict, Lead]:
    answer = Api(web.base_url, cast.key).submit().json()
    return answer, Lead.objects.get(pk=answer["leadId"])


def test_a_lead_outside_of_the_hours_is_held_until_they_open(web, planned):
    cast, _ = planned(first_call_hours=closed_hours())

    answer, lead = submit(web, cast)

    step = lead.steps.planned().get()
    assert answer["callQueued"] is False
    assert (lead.held_because, step.held_because) == ("calling_hours", "calling_hours")
    assert (step.due_at.hour, step.due_at.minute) == (9, 0)


def test_it_is_called_once_the_hours_are_changed(web, planned, work):
    cast, _ = planned(first_call_hours=closed_hours())
    submit(web, cast)

    administration.change_settings(workspace=cast.workspace, by=None, first_call_hours="always")
    claims.look_again_at_what_settings_held()
    work()

    assert len(cast.placed()) == 1


def test_a_lead_over_the_daily_limit_is_called_when_the_limit_is_raised(web, planned, work):
    cast, _ = planned(daily_call_limit=0)
    _, lead = submit(web, cast)
    due = lead.steps.planned().get().due_at

    administration.change_settings(workspace=cast.workspace, by=None, daily_call_limit=5)
    claims.look_again_at_what_settings_held()
    work()

    assert (due.hour, due.minute, due > timezone.now()) == (0, 0, True)
    assert len(cast.placed()) == 1


@pytest.mark.parametrize("fields", [{"is_paused": True}, {"allowed_countries": "US"}])
def test_what_a_person_decides_about_is_not_planned(web, planned, fields):
    cast, _ = planned(**fields)

    _, lead = submit(web, cast)

    assert not Step.objects.filter(lead=lead).exists()


@pytest.mark.parametrize(
    "given, phone, zone, opening",
    [
        ("", "+442079460958", "", datetime(2026, 11, 26, 9, 0, tzinfo=UTC)),
        ("Asia/Kathmandu", "+442079460958", "", datetime(2026, 11, 26, 3, 15, tzinfo=UTC)),
        ("", "+918023456789", "", datetime(2026, 11, 26, 3, 30, tzinfo=UTC)),
        ("", "+447700900461", "America/Lima", datetime(2026, 11, 26, 14, 0, tzinfo=UTC)),
        ("", "+447700900461", "", datetime(2026, 11, 26, 9, 0, tzinfo=UTC)),
    ],
)
def test_hours_are_those_where_the_lead_is(given, phone, zone, opening):
    workspace = make_workspace(first_call_hours="mon-fri 09:00-20:00", time_zone=zone)
    lead = make_lead(workspace, phone=phone, timezone=given)

    with mock.patch("coachbot.db.clock.now", return_value=NIGHT):
        held = rules.against(lead, Purpose.FIRST)

    assert (held.code, held.until) == (HeldBecause.CALLING_HOURS, opening)


def test_stored_hours_that_cannot_be_read_hold_and_do_not_spin():
    workspace = make_workspace(first_call_hours="whenever")
    lead = make_lead(workspace)

    held = rules.against(lead, Purpose.FIRST)

    assert (held.code, held.until) == (HeldBecause.CALLING_HOURS, None)


def test_the_newest_lead_is_called_first():
    workspace = make_workspace()
    leads = [make_lead(workspace) for _ in range(3)]
    long_ago = timezone.now() - timedelta(days=20_000)
    for lead in leads:
        steps.plan(lead, "first", long_ago)

    claimed = [pk for pk in claims.claim_due(1000) if Step.objects.get(pk=pk).lead in leads]

    assert [Step.objects.get(pk=pk).lead for pk in claimed] == leads[::-1]
