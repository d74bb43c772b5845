"""The sandbox plays it whole: a lead that was not reached rings back, or wants a person."""

import pytest
import requests

from coachbot.sandbox.listeners import Listener
from coachbot.sandbox.vapi.conversation.scripts import TRANSFER_FAILURES
from leads.models import Lead, StatusReason
from tests.factories import make_account, make_cast, make_phone, make_workspace
from tests.servers import wait_until
from workspaces.connections import credentials, own_secrets

TRANSFERS = dict(enumerate(["assistant-forwarded-call", *TRANSFER_FAILURES], start=28))


@pytest.fixture
def listen(web, sandbox):
    """Return a function that has the sandbox play the calls of a key to a workspace."""

    def start(workspace, key):
        url = f"{web.base_url}/api/vapi/{workspace.slug}/events"
        sandbox.listen(key, Listener(url, own_secrets.tool_secret(workspace)))

    return start


def ring(sandbox, key, number, **wanted):
    said = requests.post(
        f"{sandbox.base_url}/sandbox/ring",
        json={"number": number, **wanted},
        headers={"Authorization": f"Bearer {key}"},
        timeout=20,
    )
    assert said.status_code == 200, said.text
    return said.json()


def ended(lead, direction, reason):
    rows = lead.calls.filter(direction=direction, ended_reason=reason, has_recording=True)
    return lambda: rows.exists()


def test_lead_that_was_not_reached_rings_back_and_the_plan_ends(api, cast, sandbox, listen):
    cast.workspace.follow_up_plan = "4h"
    cast.workspace.save()
    listen(cast.workspace, cast.vapi_key)
    lead = Lead.objects.get(pk=api.submit(phone=make_phone("13")).json()["leadId"])
    wait_until(lambda: lead.steps.planned().exists(), "the next attempt to be planned")

    said = ring(sandbox, cast.vapi_key, lead.phone)
    wait_until(ended(lead, "inbound", "assistant-ended-call"), "the end of the lead's call")

    lead.refresh_from_db()
    followed = api.read(str(lead.pk)).json()["followUp"]
    assert said["answer"]["assistantOverrides"]["metadata"]["leadId"] == str(lead.pk)
    assert "thank you for calling back" in lead.calls.inbound().get().transcript
    assert lead.status in ("in_conversation", "needs_human", "booked")
    assert (followed["attemptsMade"], followed["nextAttemptAt"]) == (1, None)


@pytest.mark.parametrize("digits, reason", TRANSFERS.items())
def test_transfer_leaves_the_lead_to_a_person(api, cast, listen, digits, reason):
    cast.workspace.transfer_number = "+442079460018"
    cast.workspace.save()
    listen(cast.workspace, cast.vapi_key)

    lead = Lead.objects.get(pk=api.submit(phone=make_phone(str(digits))).json()["leadId"])
    wait_until(ended(lead, "outbound", reason), "the end of the call")

    lead.refresh_from_db()
    because = StatusReason.TRANSFERRED if digits == 28 else StatusReason.TRANSFER_FAILED
    assert (lead.status, lead.status_reason) == ("needs_human", because)


def test_transfer_without_a_number_is_escalated(api, cast, listen):
    listen(cast.workspace, cast.vapi_key)

    lead = Lead.objects.get(pk=api.submit(phone=make_phone("28")).json()["leadId"])
    wait_until(ended(lead, "outbound", "assistant-ended-call"), "the end of the call")

    lead.refresh_from_db()
    assert (lead.status, lead.status_reason) == ("needs_human", StatusReason.AGENT_ESCALATED)


def test_number_that_answers_by_itself_has_its_calls_filed_all_the_same(web, sandbox, listen):
    from tests.client import Api
    from tests.factories import make_key

    account = make_account(phone_number_id="11111111-0b7a-4f7e-8a55-0f2d3c9b7e10")
    workspace = make_workspace(vapi_account=account)
    listen(workspace, account.api_key)
    phone = make_phone("13")
    Api(web.base_url, make_key(workspace)).submit(phone=phone)
    lead = workspace.leads.get()

    assert ring(sandbox, account.api_key, phone)["answer"] is None
    wait_until(ended(lead, "inbound", "assistant-ended-call"), "the end of the lead's call")


def test_stranger_is_answered_and_leaves_nothing(cast, sandbox, listen):
    listen(cast.workspace, cast.vapi_key)
    account = credentials.vapi_account(cast.workspace.pk)

    said = ring(sandbox, cast.vapi_key, "Anonymous", phoneNumberId=account.phone_number_id)
    [call] = sandbox.providers["vapi"].received(cast.vapi_key)
    wait_until(lambda: "artifact" in call.body, "the end of the stranger's call")

    assert said["answer"] == {"assistantId": account.assistant_id}
    assert not cast.workspace.leads.exists()
    assert set(cast.workspace.log.values_list("outcome", flat=True)) == {"succeeded"}


def test_other_tenant_at_the_same_sandbox_does_not_know_the_lead(api, cast, sandbox, listen):
    phone = make_phone("13")
    api.submit(phone=phone)
    other = make_cast(sandbox)
    listen(other.workspace, other.vapi_key)
    account = credentials.vapi_account(other.workspace.pk)

    said = ring(sandbox, other.vapi_key, phone, phoneNumberId=account.phone_number_id)

    assert said["answer"] == {"assistantId": account.assistant_id}
