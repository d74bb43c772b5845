"""`settle_calls` finds out what became of calls whose process died, and loses no lead."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.providers.transport import Door
from coachbot.providers.vapi import client as vapi
from leads.calls.placing.reconcile import GIVE_UP_AFTER
from leads.models import Call, Lead
from tests.command_line import command
from tests.factories import make_lead, open_call
from workspaces.connections import credentials


@pytest.fixture
def settle(sandbox):
    """Return a function that runs the command once against the sandbox."""

    def run():
        result = command("settle_calls", VAPI_BASE_URL=sandbox.base_url)
        assert result.returncode == 0, result.stderr

    return run


@pytest.fixture
def abandoned(cast):
    """A call whose process died: its lead was never accepted, its lease has run out."""
    lead = make_lead(cast.workspace, accepted_at=None)
    return open_call(lead, request_id="test")


def age(call: Call, ago: timedelta) -> None:
    """Make a call as old as that, with everything that hangs on its age."""
    now = timezone.now()
    Call.objects.filter(pk=call.pk).update(
        created_at=now - ago, lease_until=now - ago / 2, conclusive_at=now - ago / 2
    )
    call.refresh_from_db()


def place_at_vapi(call: Call) -> str:
    """Place a call at the sandbox as the dead process did. Return Vapi's id of it."""
    account = credentials.vapi_account(call.workspace_id)
    person = vapi.Person(call.lead.name, call.lead.phone, "", "", {}, {})
    payload = vapi.call_payload(account, person, attempt_id=str(call.pk), ids={})
    return vapi.create_call(Door(), account, payload, timeout=5).call_id


def test_call_that_was_placed_is_confirmed_and_its_lead_kept(abandoned, settle, sandbox, settings):
    settings.VAPI_BASE_URL = sandbox.base_url
    call_id = place_at_vapi(abandoned)
    age(abandoned, timedelta(seconds=40))

    settle()

    abandoned.refresh_from_db()
    assert (abandoned.status, abandoned.vapi_call_id) == ("in_progress", call_id)
    assert Lead.objects.get(pk=abandoned.lead_id).accepted_at


def test_call_that_was_not_placed_is_withdrawn_with_its_lead(abandoned, settle):
    age(abandoned, timedelta(minutes=1))

    settle()

    assert not Lead.objects.filter(pk=abandoned.lead_id).exists()


def test_lead_that_was_accepted_before_is_kept_when_its_second_call_fails(cast, settle):
    lead = make_lead(cast.workspace)
    age(open_call(lead, request_id="test"), timedelta(minutes=1))

    settle()

    assert Lead.objects.filter(pk=lead.pk).exists()
    assert not lead.calls.exists()


def test_call_on_which_somebody_works_is_left_alone(abandoned, settle):
    settle()

    abandoned.refresh_from_db()
    assert abandoned.status == "dialing"


def test_silence_is_not_taken_for_an_answer_too_early(abandoned, settle):
    now = timezone.now()
    Call.objects.filter(pk=abandoned.pk).update(lease_until=now - timedelta(seconds=1))

    settle()

    abandoned.refresh_from_db()
    assert abandoned.status == "dialing"


def test_call_that_stays_unconfirmed_goes_to_a_human(abandoned, settle, cast):
    refused = vapi.Account("no-such-key", "5c1e8a50-6a3e-4c83-9a55-5f6c0c2b7d01", "x")
    credentials.connect_vapi(cast.workspace, refused)
    age(abandoned, GIVE_UP_AFTER + timedelta(minutes=1))

    settle()

    lead = Lead.objects.get(pk=abandoned.lead_id)
    abandoned.refresh_from_db()
    assert (lead.status, bool(lead.accepted_at)) == ("needs_human", True)
    assert (abandoned.status, abandoned.ended_reason) == ("ended", "coachbot.unconfirmed")
