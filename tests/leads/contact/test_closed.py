"""A lead that a member closed is not called, also where that was seen too late."""

import pytest

from leads.calls.placing import opening
from leads.contact import gate
from leads.models import Call, ClosedAs, HeldBecause, Lead
from leads.operators import calling, closing
from tests.factories import make_lead, make_user


@pytest.fixture
def member(cast):
    return make_user(cast.workspace).memberships.get()


def test_lead_that_is_closed_after_the_gate_was_asked_is_not_called(cast, member):
    lead = make_lead(cast.workspace)
    assert gate.ask(lead) is None
    closing.close(lead=lead, closed_as=ClosedAs.WON, by=member)

    with pytest.raises(gate.NoLongerAllowed):
        opening.open_call(lead, request_id="test")

    assert not Call.objects.filter(lead=lead).exists()


def test_page_that_was_open_while_the_lead_was_closed_says_why_it_was_not_called(cast, member):
    seen = make_lead(cast.workspace)
    closing.close(lead=Lead.objects.get(pk=seen.pk), closed_as=ClosedAs.LOST, by=member)

    with pytest.raises(calling.CannotCall, match="The lead is closed. Reopen it first."):
        calling.call_again(lead=seen, by=member, request_id="test")

    assert cast.placed() == []


def test_gate_holds_a_closed_lead_with_a_person_and_an_open_one_not(cast, member):
    lead = make_lead(cast.workspace, owner=member, status="needs_human")
    passed = gate.ask(lead)

    closing.close(lead=lead, closed_as=ClosedAs.WON, by=member)

    lead.refresh_from_db()
    assert passed is None
    assert gate.ask(lead).code == HeldBecause.WITH_PERSON
    assert lead.is_with_person
