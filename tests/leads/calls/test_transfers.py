"""The agent passes a call on to a person: to whom, and what a person has to do afterwards."""

import itertools

import pytest

from leads import status
from leads.models import Lead, StatusReason
from leads.operators import handing
from leads.reading import waiting
from leads.reading.troubles import found
from leads.reading.troubles.trouble import TroubleCode
from tests.factories import make_user
from tests.vapi_messages import about, end_of_call_report, status_update
from workspaces.models import LogEntry, Outcome

FAILED = [
    "call.forwarding.no-answer",
    "call.forwarding.operator-busy",
    "call.in-progress.error-transfer-failed",
    "call.in-progress.error-warm-transfer-max-duration",
    "customer-ended-call-before-warm-transfer",
    "customer-ended-call-after-warm-transfer-attempt",
    "customer-ended-call-during-transfer",
]
FORWARDED = "assistant-forwarded-call"
NUMBER = "+442079460018"


@pytest.fixture
def lead(lead_id):
    return Lead.objects.get(pk=lead_id)


def ask(reporter, call):
    response = reporter.send({"type": "transfer-destination-request", **about(call)})
    assert response.status_code == 200, response.text
    return response.json()


def stands(lead):
    lead.refresh_from_db()
    return lead.status, lead.status_reason


def member_of(cast):
    return make_user(cast.workspace).memberships.get()


@pytest.mark.parametrize("is_paused", [False, True])
def test_call_is_passed_on_to_the_transfer_number(cast, reporter, lead, is_paused):
    cast.workspace.transfer_number, cast.workspace.is_paused = NUMBER, is_paused
    cast.workspace.save()

    assert ask(reporter, cast.placed()[0]) == {
        "destination": {
            "type": "number",
            "number": NUMBER,
            "message": "One moment please, I am putting you through.",
        }
    }
    row = LogEntry.objects.get(lead_id=lead.pk, code="vapi.transfer_destination_request")
    assert (row.outcome, row.response) == (Outcome.SUCCEEDED, {"destination": NUMBER})


def test_without_a_number_the_agent_is_told_what_to_do(cast, reporter, lead):
    answer = ask(reporter, cast.placed()[0])

    assert list(answer) == ["error"]
    assert answer["error"].startswith("Nobody can be put through right now.")


def test_caller_who_is_no_lead_is_put_through_too(cast, bell):
    cast.workspace.transfer_number = NUMBER
    cast.workspace.save()
    call, _ = bell.ring("Anonymous")

    assert ask(bell.reporter, call)["destination"]["number"] == NUMBER


@pytest.mark.parametrize("reason", FAILED)
def test_transfer_that_failed_needs_a_person_and_is_told(cast, reporter, lead, visit, reason):
    reporter.status(cast.placed()[0], "in-progress")
    reporter.report(cast.placed()[0], reason)

    assert stands(lead) == ("needs_human", StatusReason.TRANSFER_FAILED)
    assert TroubleCode.TRANSFERS_FAILED in [trouble.code for trouble in found.find(cast.workspace)]
    [waits] = waiting.queue(member_of(cast), waiting.Whose.ALL)
    assert waits.because == "The transfer to a person failed."
    page = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads/{lead.pk}")
    assert "The transfer to a person failed." in page.text
    assert "The lead hung up" not in page.text


def test_alert_goes_once_somebody_has_looked(cast, reporter, lead):
    reporter.report(cast.placed()[0], FAILED[0])

    handing.take_over(lead=lead, by=member_of(cast))

    assert TroubleCode.TRANSFERS_FAILED not in [t.code for t in found.find(cast.workspace)]


def test_transfer_that_began_needs_a_person_to_ask_how_it_went(cast, reporter, lead, visit):
    reporter.report(cast.placed()[0], FORWARDED)

    assert stands(lead) == ("needs_human", StatusReason.TRANSFERRED)
    assert TroubleCode.TRANSFERS_FAILED not in [t.code for t in found.find(cast.workspace)]
    page = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads/{lead.pk}")
    assert "Vapi does not tell whether anybody answered" in page.text


@pytest.mark.parametrize("reasons", [(FORWARDED, FAILED[0]), (FAILED[0], FORWARDED)])
def test_order_of_the_messages_changes_nothing(api, sandbox, cast, reporter, reasons):
    ends = set()
    for order in itertools.permutations(range(2)):
        lead = Lead.objects.get(pk=api.submit().json()["leadId"])
        call = cast.placed()[0]
        messages = [
            status_update(call, "ended", endedReason=reasons[0]),
            end_of_call_report(call, reasons[1]),
        ]
        for place in order:
            reporter.send(messages[place])
        ends.add(stands(lead))

    because = StatusReason.TRANSFERRED if reasons[1] == FORWARDED else StatusReason.TRANSFER_FAILED
    assert ends == {("needs_human", because)}


def test_message_after_somebody_has_looked_asks_nobody_again(cast, reporter, lead):
    reporter.report(cast.placed()[0], FAILED[0])
    status.hand_back(lead, was_reached=True)

    reporter.report(cast.placed()[0], FAILED[0], cost=0.07, timestamp=1790000199999)

    assert stands(lead) == ("in_conversation", StatusReason.HANDED_BACK)
    assert str(lead.calls.get().cost) == "0.0700"


def test_appointment_outlives_a_transfer_that_began(cast, reporter, lead):
    status.move(lead.pk, StatusReason.APPOINTMENT_MADE)

    reporter.report(cast.placed()[0], FORWARDED)

    assert stands(lead) == ("booked", StatusReason.APPOINTMENT_MADE)
