"""The follow-up on the page of a lead."""

import html
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from leads.contact.do_not_call import opt_outs
from leads.contact.planned import steps
from leads.models import HeldBecause, StepKind, Way
from tests.dashboard import text_of
from tests.factories import make_call, make_lead, make_user
from workspaces.models import LogEntry, Role

DAY = r"\w+ \d+ \w+"
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def lead(cast):
    """A lead that was called once and is to be called again tomorrow."""
    cast.workspace.follow_up_plan = "standard"
    cast.workspace.save()
    lead = make_lead(cast.workspace)
    make_call(lead, used_budget=True, ended_reason="customer-did-not-answer")
    steps.plan(lead, "attempt", timezone.now() + timedelta(days=1))
    return lead


def words_of(page) -> str:
    return html.unescape(text_of(page))


def page_of(lead) -> str:
    return f"/admin/{lead.workspace.slug}/leads/{lead.pk}"


def test_attempts_and_the_next_one_are_shown(lead, visit):
    told = words_of(visit(make_user(lead.workspace, Role.AGENT)).get(page_of(lead)))

    assert "1 of 6 attempts made." in told
    lead_time = rf"{DAY}, \d\d:\d\d"
    said = (
        rf"Attempt 2 of 6, next {lead_time} \(lead's time; here {lead_time} UTC ?, in 24 hours ?\)"
    )
    assert re.search(said, told), told


def test_a_member_stops_further_calls(lead, visit):
    member = make_user(lead.workspace, Role.AGENT)
    visitor = visit(member)

    visitor.post(f"{page_of(lead)}/stop-follow-up")

    told = words_of(visitor.get(page_of(lead)))
    assert not lead.steps.planned().exists()
    assert "No further call is planned." in told
    assert f"Further calls stopped, by {member.email}" in told
    row = LogEntry.objects.get(workspace=lead.workspace, code="lead.stop_follow_up")
    assert row.lead_id == lead.pk


def test_what_is_stopped_already_is_said(lead, visit):
    visitor = visit(make_user(lead.workspace))
    visitor.post(f"{page_of(lead)}/stop-follow-up")

    visitor.post(f"{page_of(lead)}/stop-follow-up")

    assert "No further call is planned any more." in words_of(visitor.get(page_of(lead)))


def test_a_lead_without_a_plan_shows_no_follow_up(cast, visit):
    lead = make_lead(cast.workspace)
    make_call(lead)

    assert "Follow-up" not in words_of(visit(make_user(cast.workspace)).get(page_of(lead)))


def post_skip(visitor, lead):
    due = re.search(r'name="seen_due" value="([^"]+)"', visitor.get(page_of(lead)).text)[1]
    return visitor.post(f"{page_of(lead)}/skip-attempt", seen_due=due)


def test_a_member_skips_an_attempt_and_the_plan_goes_on_after_it(lead, visit, api):
    member = make_user(lead.workspace, Role.AGENT)
    visitor, before = visit(member), lead.steps.planned().get()

    post_skip(visitor, lead)

    told, after = words_of(visitor.get(page_of(lead))), lead.steps.planned().get()
    assert "2 of 6 attempts made." in told
    assert "Attempt 3 of 6" in told
    assert f"Attempt skipped, by {member.email}" in told
    assert after.due_at - before.due_at == timedelta(hours=3)
    assert api.read(str(lead.pk)).json()["followUp"]["attemptsMade"] == 2


def test_the_last_attempt_that_is_skipped_ends_the_plan(lead, visit, cast):
    cast.workspace.follow_up_plan = "1d"
    cast.workspace.save()
    visitor = visit(make_user(lead.workspace))

    post_skip(visitor, lead)

    lead.refresh_from_db()
    assert not lead.steps.planned().exists()
    assert lead.unreached_at is not None
    assert "2 of 2 attempts made, nobody reached." in words_of(visitor.get(page_of(lead)))


def test_an_attempt_is_skipped_once_by_two_who_saw_it(lead, visit):
    visitors = [visit(make_user(lead.workspace)) for _ in range(2)]
    seen = re.search(r'name="seen_due" value="([^"]+)"', visitors[0].get(page_of(lead)).text)[1]

    for visitor in visitors:
        visitor.post(f"{page_of(lead)}/skip-attempt", seen_due=seen)

    assert lead.steps.skipped().count() == 1
    assert "Meanwhile another attempt comes next." in words_of(visitors[1].get(page_of(lead)))


def test_a_member_plans_a_call_back_by_the_leads_clock(cast, visit, api):
    cast.workspace.later_call_hours = "always"
    cast.workspace.save()
    lead = make_lead(cast.workspace, timezone=TOKYO.key, status="in_conversation")
    make_call(lead, used_budget=True)
    member = make_user(cast.workspace, Role.AGENT)
    visitor, day = visit(member), timezone.now().astimezone(TOKYO).date() + timedelta(days=2)
    assert "In Asia/Tokyo, the lead's time." in words_of(visitor.get(page_of(lead)))

    visitor.post(f"{page_of(lead)}/call-back", at=f"{day}T17:30", notes="The price.")

    step = lead.steps.planned().get()
    told = words_of(visitor.get(page_of(lead)))
    wanted = datetime.combine(day, datetime.min.time(), TOKYO).replace(hour=17, minute=30)
    assert (step.kind, step.due_at) == (StepKind.CALLBACK, wanted)
    assert re.search(rf"Call-back {DAY}, 17:30 \(lead's time; here {DAY}, 08:30 UTC", told), told
    assert "The price." in told
    assert f"Call-back planned for {day.day} {day:%b %Y}, 08:30 UTC, by {member.email}" in told
    followed = api.read(str(lead.pk)).json()["followUp"]
    assert followed["heldBecause"] == HeldBecause.CALLBACK_REQUESTED
    assert datetime.fromisoformat(followed["nextAttemptAt"]) == wanted.astimezone(UTC)


@pytest.mark.parametrize(
    "typed, refused",
    [
        ("", "Choose a day and a time."),
        ("tomorrow", "Choose a day and a time."),
        ("2024-11-27T17:00", "That time is over. The next possible time is"),
        ("2999-11-27T17:00", "That is more than 90 days ahead."),
    ],
)
def test_a_time_at_which_nobody_can_be_called_is_refused(lead, visit, typed, refused):
    visitor = visit(make_user(lead.workspace))

    answer = visitor.post(f"{page_of(lead)}/call-back", at=typed)

    assert refused in words_of(answer)
    assert lead.steps.planned().get().kind == StepKind.ATTEMPT


def test_who_wants_no_calls_is_not_called_back(lead, visit):
    visitor = visit(make_user(lead.workspace))
    opt_outs.add(lead.workspace, [lead.phone], way=Way.PAGE)
    soon = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT12:00")

    visitor.post(f"{page_of(lead)}/call-back", at=soon)

    assert "is on the do-not-call list" in words_of(visitor.get(page_of(lead)))
    assert not lead.steps.planned().exists()


def test_a_zone_that_cannot_be_read_is_told(cast, visit):
    lead = make_lead(cast.workspace, timezone="Mars/Base")

    told = words_of(visit(make_user(cast.workspace)).get(page_of(lead)))

    assert (
        "Timezone “Mars/Base” could not be read; hours go by the number's (Europe/London)." in told
    )
