"""When a lead was called and reached first: what the overview's figures go by."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from leads.models import Lead
from tests.factories import make_call, make_conversation, make_lead, make_message
from tests.leads.calls.test_lead_status import FAULT, MACHINE_TURNS
from tests.vapi_messages import TURNS

FAULT_OF_ACCOUNT = "call.start.error-subscription-insufficient-credits"


def contacts(lead_id) -> tuple[bool, bool]:
    """Return whether a lead was called, and whether it was reached."""
    lead = Lead.objects.get(pk=lead_id)
    return lead.first_contact_at is not None, lead.reached_at is not None


@pytest.mark.parametrize(
    ("reason", "called", "reached"),
    [
        ("customer-ended-call", True, True),
        ("voicemail", True, False),
        ("customer-did-not-answer", True, False),
        ("customer-busy", True, False),
        (FAULT_OF_ACCOUNT, False, False),
    ],
)
def test_a_call_that_is_over_says_whether_it_rang(cast, reporter, lead_id, reason, called, reached):
    reporter.status(cast.placed()[0], "ended", endedReason=reason)

    assert contacts(lead_id) == (called, reached)


def test_while_it_goes_on_a_call_that_is_picked_up_has_rung(cast, reporter, lead_id):
    assert contacts(lead_id) == (False, False)

    reporter.status(cast.placed()[0], "in-progress")

    assert contacts(lead_id) == (True, True)


def test_what_is_told_later_counts(cast, reporter, lead_id):
    placed = cast.placed()[0]
    reporter.status(placed, "in-progress")
    reporter.status(placed, "ended", endedReason=FAULT)
    assert contacts(lead_id) == (True, True)

    reporter.report(placed, FAULT, artifact={"messages": MACHINE_TURNS})

    assert contacts(lead_id)[1] is False


def test_the_first_of_several_calls_counts(cast, reporter, lead_id, second_call):
    reporter.status(cast.placed()[0], "ended", endedReason="customer-did-not-answer")
    first = Lead.objects.get(pk=lead_id).first_contact_at

    again = second_call(lead_id)
    reporter.status(again, "in-progress")
    reporter.report(again, artifact={"messages": TURNS})

    lead = Lead.objects.get(pk=lead_id)
    assert lead.first_contact_at == first == cast.workspace.calls.earliest("created_at").dialed_at
    assert lead.reached_at == cast.workspace.calls.latest("created_at").started_at


def test_who_rings_back_is_reached_and_was_not_called(bell, cast, reporter):
    lead = make_lead(cast.workspace)
    call, _ = bell.ring(lead.phone)

    reporter.report(call, artifact={"messages": TURNS})

    assert contacts(lead.pk) == (False, True)


def test_upgrade_finds_both_for_leads_of_before(cast, written):
    rang, reached = make_lead(cast.workspace), make_lead(cast.workspace)
    later = timedelta(hours=1)
    call = {"told": {"hung_up_at": "x"}, "used_budget": True}
    missed = {**call, "ended_reason": "customer-did-not-answer"}
    first = make_call(rang, **missed, dialed_at=rang.created_at + later)
    make_call(rang, **missed, created_at=rang.created_at + 2 * later)
    talk = make_call(reached, **call, ended_reason="customer-ended-call")
    wrote = make_conversation(make_lead(written.workspace))
    opener = make_message(wrote, author="agent", sent_at=wrote.lead.created_at + later)
    make_message(wrote, author="lead", body="STOP", details={"word": "STOP"})
    answer = make_message(wrote, author="lead", body="Yes please")

    import_module("leads.migrations.0046_first_contacts_of_old").write_contacts(apps, None)

    leads = {
        lead.pk: lead for lead in Lead.objects.filter(pk__in=[rang.pk, reached.pk, wrote.lead_id])
    }
    found = {pk: (lead.first_contact_at, lead.reached_at) for pk, lead in leads.items()}
    assert found == {
        rang.pk: (first.dialed_at, None),
        reached.pk: (talk.created_at, talk.created_at),
        wrote.lead_id: (opener.sent_at, answer.created_at),
    }
