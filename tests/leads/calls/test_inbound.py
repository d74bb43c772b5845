"""A lead rings back: who answers, what the assistant knows, and what becomes of the plan."""

import json
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from leads.calls.placing import opening
from leads.contact.do_not_call import opt_outs
from leads.models import Call, HeldBecause, Lead, Way
from tests.factories import make_call, make_cast, make_lead, make_phone, make_user, open_call
from tests.vapi_messages import TWILIO_TOKEN
from workspaces.connections import credentials
from workspaces.models import CredentialKind, LogKind, Outcome

KEYPAD_WORDS = ["+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"]


@pytest.fixture
def lead(cast):
    """A lead that was called and not reached, with what it wants."""
    return make_lead(
        cast.workspace,
        name="Jane Doe",
        email="jane@acme.example",
        goal="Run a half marathon",
        metadata={"plan": "gold"},
    )


def events_of(cast):
    return cast.workspace.log.filter(kind=LogKind.PROVIDER_EVENT)


def test_known_number_is_answered_with_what_the_lead_wants(bell, lead):
    make_call(lead, summary="Wants to think about it.")

    call, answer = bell.ring(lead.phone)

    filed = lead.calls.get(vapi_call_id=call["id"])
    assert answer == {
        "assistantId": bell.assistant_id,
        "assistantOverrides": {
            "variableValues": {
                "leadName": "Jane Doe",
                "leadFirstName": "Jane",
                "leadEmail": "",
                "leadGoal": "Run a half marathon",
                "leadMetadata": "{}",
                "formResponses": "{}",
                "lastCallSummary": "Wants to think about it.",
                "callbackNotes": "",
            },
            "metadata": {"leadId": str(lead.pk), "attemptId": str(filed.pk)},
        },
    }
    assert (filed.direction, filed.status, filed.used_budget) == ("inbound", "in_progress", None)
    assert filed.conversation.lead_id == lead.pk


@pytest.mark.parametrize("write", ["{}", "00{0}", "{1} {2} {3}", "+{0}", " +{1} (0){2}-{3} "])
def test_number_is_known_in_any_spelling(bell_of, sandbox, write):
    cast = make_cast(sandbox, default_country="GB")
    phone = make_phone()
    lead = make_lead(cast.workspace, phone=phone)
    digits = phone.removeprefix("+")
    number = write.format(digits, digits[:2], digits[2:6], digits[6:])

    call, _ = bell_of(cast).ring(number)

    assert lead.calls.get().vapi_call_id == call["id"]


def test_number_is_known_by_its_sip_address(bell, lead):
    customer = {"sipUri": f"sip:{lead.phone}@sbc.carrier.example;user=phone", "name": "x"}

    bell.ring(None, customer=customer)

    assert lead.calls.count() == 1


@pytest.mark.parametrize(
    "number",
    [*KEYPAD_WORDS, "Anonymous", "Restricted", "", None, "+447700900999", "sip:jane@x.example", 7],
)
def test_others_get_the_assistant_and_are_no_leads(bell, cast, lead, number):
    if number in KEYPAD_WORDS:
        make_lead(cast.workspace, phone="+" + number.strip("+").ljust(7, "0"))
    leads = cast.workspace.leads.count()

    call, answer = bell.ring(number)

    assert answer == {"assistantId": bell.assistant_id}
    assert cast.workspace.leads.count() == leads
    assert not Call.objects.filter(vapi_call_id=call["id"]).exists()


@pytest.mark.parametrize("phone", KEYPAD_WORDS[:2])
def test_withheld_number_is_nobody_even_where_a_lead_has_it(bell, cast, phone):
    make_lead(cast.workspace, phone=phone)

    assert bell.ring(phone)[1] == {"assistantId": bell.assistant_id}


def test_what_is_told_of_an_unknown_caller_is_neither_an_error_nor_a_failure(bell, cast):
    call, _ = bell.ring("+447700900999")
    reporter = bell.reporter

    answers = [
        reporter.status(call, "in-progress"),
        reporter.status(call, "ended", endedReason="customer-ended-call"),
        reporter.report(call),
    ]
    words = reporter.ask(call, "escalateToHuman", {"reason": "Wants the owner."})

    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {})] * 3
    assert words.startswith("Nothing was done: the caller's number is not known here.")
    assert set(cast.workspace.log.values_list("outcome", flat=True)) == {Outcome.SUCCEEDED}
    assert not cast.workspace.calls.exists()


def test_call_is_followed_to_its_end(bell, lead):
    call, _ = bell.ring(lead.phone)

    bell.reporter.status(call, "in-progress")
    bell.reporter.report(call)

    lead.refresh_from_db()
    filed = lead.calls.get()
    assert (filed.status, filed.summary) == ("ended", "Jane confirmed.")
    assert lead.status == "in_conversation"


def test_call_of_which_vapi_never_asked_is_filed_by_its_first_message(bell, lead, cast):
    call = {
        "id": str(uuid.uuid4()),
        "type": "inboundPhoneCall",
        "phoneNumberId": bell.number_id,
        "customer": {"number": lead.phone},
    }

    bell.reporter.status(call, "in-progress", phoneNumber={"id": bell.number_id})

    assert lead.calls.get().direction == "inbound"


def test_same_request_twice_is_one_call(bell, lead):
    one, first = bell.ring(lead.phone)
    _, second = bell.ring(lead.phone, id=one["id"])

    assert first == second
    assert lead.calls.count() == 1


def test_ring_while_a_call_to_the_lead_goes_on_is_filed_beside_it(api, cast, bell):
    lead = Lead.objects.get(pk=api.submit().json()["leadId"])

    call, answer = bell.ring(lead.phone)

    assert answer["assistantOverrides"]["metadata"]["leadId"] == str(lead.pk)
    assert sorted(lead.calls.values_list("direction", "status")) == [
        ("inbound", "in_progress"),
        ("outbound", "in_progress"),
    ]


@pytest.mark.parametrize("listed", [True, False])
def test_pause_and_do_not_call_keep_nobody_from_being_answered(bell_of, sandbox, listed):
    cast = make_cast(sandbox, is_paused=True)
    lead = make_lead(cast.workspace)
    if listed:
        opt_outs.add(cast.workspace, [lead.phone], way=Way.PAGE)

    _, answer = bell_of(cast).ring(lead.phone)

    lead.refresh_from_db()
    assert answer["assistantOverrides"]["variableValues"]["leadName"] == lead.name
    assert (lead.held_because == HeldBecause.DO_NOT_CALL) is listed
    assert opt_outs.is_listed(cast.workspace.pk, lead.phone) is listed


def test_other_number_of_the_account_gets_the_assistant_alone(bell, lead):
    call, answer = bell.ring(lead.phone, at=str(uuid.uuid4()))
    bell.reporter.status(call, "in-progress", phoneNumber={"id": call["phoneNumberId"]})

    assert answer == {"assistantId": bell.assistant_id}
    assert not lead.calls.exists()


def test_lead_of_another_workspace_is_never_greeted(bell_of, sandbox):
    ours, theirs = make_cast(sandbox), make_cast(sandbox)
    lead = make_lead(theirs.workspace)

    _, answer = bell_of(ours).ring(lead.phone)

    assert answer == {"assistantId": bell_of(ours).assistant_id}
    assert not lead.calls.exists()
    assert not theirs.workspace.log.exists()


def test_call_of_another_workspace_is_not_taken_over(bell_of, sandbox):
    ours, theirs = make_cast(sandbox), make_cast(sandbox)
    phone = make_phone()
    leads = [make_lead(cast.workspace, phone=phone) for cast in (ours, theirs)]

    call, _ = bell_of(theirs).ring(phone)
    _, answer = bell_of(ours).ring(phone, id=call["id"])

    assert answer["assistantOverrides"]["metadata"] == {"leadId": str(leads[0].pk)}
    assert [lead.calls.count() for lead in leads] == [0, 1]


def test_workspace_without_an_account_says_so_to_the_caller(bell, cast, lead):
    cast.workspace.credentials.filter(kind=CredentialKind.VAPI).delete()

    _, answer = bell.ring(lead.phone)

    assert list(answer) == ["error"]
    assert answer["error"].startswith("Sorry, nobody can take your call")
    assert events_of(cast).get().outcome == Outcome.FAILED


def test_lead_in_other_hands_is_greeted_at_once_and_filed_later(bell, lead):
    with transaction.atomic():
        Lead.objects.select_for_update().get(pk=lead.pk)
        Lead.objects.filter(pk=lead.pk).update(goal=lead.goal)  # SQLite locks by writing
        call, answer = bell.ring(lead.phone)
        assert answer["assistantOverrides"]["metadata"] == {"leadId": str(lead.pk)}

    bell.reporter.status(call, "in-progress", phoneNumber={"id": bell.number_id})
    assert lead.calls.get().vapi_call_id == call["id"]


def test_call_by_hand_waits_until_it_is_over(visit, bell, cast, lead):
    bell.ring(lead.phone)

    page = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads/{lead.pk}")

    assert "A call to this lead is still going on." in page.text
    assert "The lead is ringing" in page.text
    with pytest.raises(opening.LeadIsRinging):
        open_call(lead)


def test_secrets_of_the_message_are_kept_nowhere(bell, cast, lead):
    bell.ring(lead.phone)
    bell.ring("+447700900999")

    kept = [*cast.workspace.log.values(), *cast.workspace.calls.values()]
    assert TWILIO_TOKEN not in json.dumps(kept, default=str)
    assert "700900999" not in json.dumps(kept, default=str)


def test_figures_count_no_call_that_came_in(bell, cast, lead, visit):
    from leads.reading.overview import days, figures

    bell.ring(lead.phone)

    counted = figures.count(cast.workspace, days.chosen("30", timezone.localdate()))
    assert (counted.all.contacted.part, counted.all.contacted.base) == (0, 1)


def test_unreadable_credentials_are_told_in_words(bell, cast, lead):
    stored = cast.workspace.credentials.filter(kind=CredentialKind.VAPI)
    stored.update(sealed="v1.nokey.x.y")

    assert list(bell.ring(lead.phone)[1]) == ["error"]
    assert credentials.changed_at(cast.workspace.pk, CredentialKind.VAPI)
    stored.delete()  # else no server of the tests that follow would start with another key
