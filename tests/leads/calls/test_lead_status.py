"""What a call's course makes of its lead's status: calls.progress.was_reached()."""

import pytest

from leads import status as lead_status
from leads.models import Lead, StatusReason
from tests.vapi_messages import HUNG_UP_MS, TURNS

FAULT = "call.in-progress.error-vapifault-worker-died"
MACHINE_TURNS = TURNS[:2]
ENDINGS = [
    # reason, was the line picked up, the report's turns (None: no report), the lead's status
    ("customer-ended-call", True, TURNS, "in_conversation"),
    ("customer-ended-call", False, None, "in_conversation"),
    ("assistant-ended-call", True, None, "in_conversation"),
    ("voicemail", True, TURNS, "new"),
    ("voicemail", True, None, "new"),
    ("customer-did-not-answer", False, None, "new"),
    ("customer-busy", False, [], "new"),
    ("call.start.error-get-transport", False, None, "new"),
    (FAULT, True, TURNS, "in_conversation"),
    (FAULT, True, MACHINE_TURNS, "new"),
    (FAULT, True, None, "in_conversation"),
    (FAULT, False, None, "new"),
    ("silence-timed-out", True, MACHINE_TURNS, "new"),
    ("a-reason-of-next-year", True, TURNS, "in_conversation"),
    ("a-reason-of-next-year", False, None, "new"),
]


def status_of(lead_id):
    return Lead.objects.get(pk=lead_id).status


@pytest.mark.parametrize("reason, picked_up, turns, status", ENDINGS)
def test_ended_call_leaves_an_honest_status(
    cast, reporter, lead_id, reason, picked_up, turns, status
):
    placed = cast.placed()[0]
    if picked_up:
        reporter.status(placed, "in-progress")
        assert status_of(lead_id) == "in_conversation"

    reporter.status(placed, "ended", endedReason=reason)
    if turns is not None:
        reporter.report(placed, reason, artifact={"messages": turns})

    assert status_of(lead_id) == status


OUTCOMES = [
    ("booked", StatusReason.APPOINTMENT_MADE),
    ("unqualified", StatusReason.DOES_NOT_QUALIFY),
    ("needs_human", StatusReason.AGENT_ESCALATED),
]


@pytest.mark.parametrize("status, because", OUTCOMES)
@pytest.mark.parametrize("reason", ["customer-ended-call", "voicemail"])
def test_outcome_is_never_undone_by_an_event(cast, reporter, lead_id, status, because, reason):
    placed = cast.placed()[0]
    lead_status.move(lead_id, because, notes="Said so.")

    reporter.status(placed, "in-progress")
    reporter.report(placed, reason)

    lead = Lead.objects.get(pk=lead_id)
    assert (lead.status, lead.qualification_notes) == (status, "Said so.")


def test_late_pick_up_after_a_voicemail_changes_nothing(cast, reporter, lead_id):
    placed = cast.placed()[0]
    reporter.status(placed, "ended", endedReason="voicemail")

    reporter.status(placed, "in-progress")

    assert status_of(lead_id) == "new"


def test_second_call_to_voicemail_does_not_undo_a_first_that_reached(
    cast, reporter, lead_id, second_call
):
    reporter.report(cast.placed()[0])
    second = second_call(lead_id)

    reporter.status(second, "in-progress", at=HUNG_UP_MS + 10**6)
    reporter.status(second, "ended", at=HUNG_UP_MS + 2 * 10**6, endedReason="voicemail")

    assert status_of(lead_id) == "in_conversation"
