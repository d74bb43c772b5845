"""A lead is posted; the sandbox plays the whole call; the outcome can be read everywhere."""

import secrets

import pytest

from coachbot.providers.calcom import client as calcom
from coachbot.sandbox.listeners import Listener
from leads.models import Call, Lead
from tests.factories import make_phone, make_user
from tests.servers import wait_until
from workspaces.connections import credentials, own_secrets
from workspaces.models import LogKind

ENDINGS = [
    ("11", "unqualified", "assistant-ended-call"),
    ("12", "needs_human", "assistant-ended-call"),
    ("13", "new", "customer-did-not-answer"),
    ("14", "new", "voicemail"),
    ("15", "new", "call.start.error-subscription-insufficient-credits"),
    ("16", "in_conversation", "customer-ended-call"),
    ("17", "new", "customer-busy"),
    ("19", "in_conversation", "call.in-progress.error-providerfault-openai-llm-failed"),
]
REPORTED = {"10", "11", "12", "14", "16", "19", "00"}


@pytest.fixture
def listening(web, cast, sandbox):
    """The sandbox plays the calls of the cast to its workspace, which has a calendar."""
    account = calcom.Account(f"cal_sandbox_{secrets.token_hex(8)}", 123400, "Europe/London")
    credentials.connect_calcom(cast.workspace, account)
    url = f"{web.base_url}/api/vapi/{cast.workspace.slug}/events"
    sandbox.listen(cast.vapi_key, Listener(url, own_secrets.tool_secret(cast.workspace)))


def submit(api, ending):
    """Post a lead and wait until its call is over. Return what the API then says."""
    lead_id = api.submit(phone=make_phone(ending), email="jane@acme.com").json()["leadId"]
    over = Call.objects.filter(lead_id=lead_id, status="ended")
    done = over.filter(has_recording=True) if ending in REPORTED else over
    wait_until(done.exists, f"the end of the call to a number that ends in {ending}")
    return api.read(lead_id).json()


@pytest.mark.parametrize("ending", ["10", "00"])
def test_lead_is_booked_and_its_conversation_can_be_read(api, cast, listening, ending):
    body = submit(api, ending)

    lead, call = body["lead"], body["voiceCall"]
    learnt = Lead.objects.get(pk=lead["id"]).profile["goal"]
    assert (lead["status"], lead["goal"], learnt) == (
        "booked",
        None,  # nothing was sent
        "Run a half marathon in spring",
    )
    assert lead["bookingUid"] and lead["bookingStart"].endswith("Z")
    assert call["transcript"].startswith("AI: Hi, this is the studio's assistant.")
    assert call["summary"] == "Wants to run a half marathon. A consult is booked."
    assert (call["status"], call["endedReason"]) == ("ended", "assistant-ended-call")
    tools = cast.workspace.log.filter(kind=LogKind.TOOL_CALL).order_by("pk")
    assert [row.action.removeprefix("Tool ") for row in tools] == [
        *("updateLeadProfile", "listSlots", "bookConsult", "endConversation"),
    ]


@pytest.mark.parametrize("ending, status, reason", ENDINGS)
def test_every_ending_leaves_an_honest_lead(api, listening, ending, status, reason):
    body = submit(api, ending)

    assert (body["lead"]["status"], body["voiceCall"]["endedReason"]) == (status, reason)


def test_booked_lead_is_read_in_the_browser(api, cast, listening, browse):
    lead_id = submit(api, "10")["lead"]["id"]
    owner = make_user(cast.workspace)

    page = browse(owner)
    page.goto(f"/admin/{cast.workspace.slug}/leads/{lead_id}")

    assert page.locator(".badge-booked").is_visible()
    assert "half marathon" in page.locator(".transcript").inner_text()
    assert Lead.objects.get(pk=lead_id).booking_uid in page.content()
