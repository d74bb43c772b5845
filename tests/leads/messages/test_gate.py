"""Which rule holds which message: what a member writes, an answer, and what nobody asked for."""

import pytest
from django.utils import timezone

from leads import status
from leads.contact import gate
from leads.contact.do_not_call import opt_outs
from leads.models import Lead, MessagePurpose, StatusReason
from tests.factories import make_lead, make_user

P = MessagePurpose
ALL = set(MessagePurpose)


def held(lead) -> set[MessagePurpose]:
    """Return the purposes for which a lead must not be written to."""
    lead = Lead.objects.select_related("workspace").get(pk=lead.pk)
    return {purpose for purpose in P if gate.ask_to_write(lead, purpose)}


def change(written, **fields):
    for name, value in fields.items():
        setattr(written.workspace, name, value)
    written.workspace.save()


@pytest.fixture
def lead(written):
    change(written, later_call_hours="always")
    return make_lead(written.workspace)


def test_nothing_holds_a_lead_by_itself(lead):
    assert held(lead) == set()


@pytest.mark.parametrize(
    ("fields", "purposes"),
    [
        ({"is_paused": True}, ALL - {P.BY_HAND, P.OPT_OUT}),
        ({"allowed_countries": "FR"}, ALL - {P.BY_HAND, P.OPT_OUT}),
        ({"later_call_hours": "mon-mon 00:00-00:01"}, {P.FOLLOW_UP}),
        ({"first_call_hours": "mon-mon 00:00-00:01"}, {P.OPENER}),
    ],
)
def test_rules_of_the_workspace(written, lead, fields, purposes):
    change(written, **fields)

    assert held(lead) == purposes


def test_who_is_listed_hears_only_that(written, lead):
    opt_outs.add(written.workspace, [lead.phone], way="page")

    assert held(lead) == ALL - {P.OPT_OUT}


def test_without_accounts_nothing_is_written(written, lead):
    written.workspace.credentials.all().delete()

    assert held(lead) == ALL


def test_with_a_person_the_agent_is_silent(written, lead):
    owner = make_user(written.workspace).memberships.get()
    Lead.objects.filter(pk=lead.pk).update(owner=owner)

    assert held(lead) == {P.FOLLOW_UP, P.REPLY, P.FALLBACK}


def test_a_closed_lead_is_left_alone_by_members_too(lead):
    Lead.objects.filter(pk=lead.pk).update(closed_as="won", closed_at=timezone.now())

    assert held(lead) == ALL - {P.OPT_OUT}


@pytest.mark.parametrize(
    ("because", "may"), [(StatusReason.AGENT_ESCALATED, True), (StatusReason.TAKEN_OVER, False)]
)
def test_a_turn_that_leaves_the_lead_to_a_person_may_say_so(lead, because, may):
    began = timezone.now()
    status.move(lead.pk, because)
    lead = Lead.objects.select_related("workspace").get(pk=lead.pk)

    assert (gate.ask_to_write(lead, P.REPLY, turn_began=began) is None) is may
    assert gate.ask_to_write(lead, P.REPLY, turn_began=timezone.now()) is not None
