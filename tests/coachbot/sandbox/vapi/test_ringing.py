"""POST /sandbox/ring: a person rings a number, and the listener is asked who answers."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from coachbot.sandbox.listeners import Listener
from coachbot.sandbox.server import Sandbox
from coachbot.sandbox.vapi.conversation.scripts import TRANSFER_FAILURES
from coachbot.sandbox.vapi.ringing import PATH
from tests.coachbot.sandbox.vapi.client import ASSISTANT, PHONE_NUMBER, make_client, wait_until

GREETED = {
    "assistantId": ASSISTANT,
    "assistantOverrides": {"variableValues": {"leadFirstName": "Sam"}, "metadata": {"a": "1"}},
}
OWNED = {"11111111-": "assistantId", "22222222-": "squadId", "33333333-": "workflowId"}


TRANSFERS = dict(enumerate(["assistant-forwarded-call", *TRANSFER_FAILURES], start=28))


class Ear(BaseHTTPRequestHandler):
    """Keeps the messages, and answers those that need it."""

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["message"]
        self.server.messages.append(message)
        answer = self.server.answers.get(message["type"], {})
        self.send_response(answer if isinstance(answer, int) else 200)
        self.end_headers()
        self.wfile.write(json.dumps({} if isinstance(answer, int) else answer).encode())

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def heard():
    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        server.messages, server.answers = [], {"assistant-request": GREETED}
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        server.url = f"http://127.0.0.1:{server.server_address[1]}/events"
        yield server
        server.shutdown()


def ring(heard, until="end-of-call-report", number="+14155550199", **wanted):
    """Ring, and wait for the last message. Return what the sandbox said, and the call's body."""
    with Sandbox(pace=0, listener=Listener(heard.url, "s3cret")) as sandbox:
        client = make_client(sandbox)
        wanted = {"phoneNumberId": PHONE_NUMBER, "number": number, **wanted}
        said = client.request("POST", PATH, json=wanted, timeout=10)
        assert said.status_code == 200, said.text
        wait_until(lambda: any(until in (m["type"], m.get("status")) for m in heard.messages))
        [call] = sandbox.providers["vapi"].received(client.key)
        shown = client.get(f"/call/{call.id}").json()
        assert sandbox.providers["vapi"].placed(client.key) == []
    return said.json(), shown


def kinds(heard):
    return [message.get("status") or message["type"] for message in heard.messages]


def test_listener_is_asked_and_the_call_is_played(heard):
    said, call = ring(heard, number="+14155550116")

    asked = heard.messages[0]
    assert said == {"callId": call["id"], "answer": GREETED}
    assert kinds(heard) == ["assistant-request", "in-progress", "ended", "end-of-call-report"]
    assert (asked["call"]["type"], asked["call"]["assistantId"]) == ("inboundPhoneCall", None)
    assert asked["customer"] == {"number": "+14155550116"}
    assert asked["phoneNumber"]["id"] == PHONE_NUMBER
    assert "twilioAuthToken" in asked["phoneNumber"]
    assert call["artifact"]["transcript"].startswith("AI: Hello Sam, thank you for calling back.")
    assert heard.messages[-1]["call"]["assistantOverrides"] == GREETED["assistantOverrides"]


@pytest.mark.parametrize(
    "answer, reason",
    [
        ({"error": "Nobody is here."}, "assistant-request-returned-error"),
        ({}, "assistant-request-returned-no-assistant"),
        ({"assistantId": "x"}, "assistant-request-returned-invalid-assistant"),
        ([], "assistant-request-failed"),
        (500, "assistant-request-failed"),
    ],
)
def test_call_that_nobody_answers_ends_with_vapis_reason(heard, answer, reason):
    heard.answers["assistant-request"] = answer

    ring(heard, until="ended")

    assert kinds(heard) == ["assistant-request", "ended"]
    assert heard.messages[-1]["endedReason"] == reason


@pytest.mark.parametrize("prefix", OWNED)
def test_number_with_an_answerer_of_its_own_asks_nobody(heard, prefix):
    said, _ = ring(heard, phoneNumberId=prefix + PHONE_NUMBER[9:])

    assert said["answer"] is None
    assert "assistant-request" not in kinds(heard)
    assert heard.messages[0]["call"]["type"] == "inboundPhoneCall"


@pytest.mark.parametrize("digits", ["13", "14", "15", "17", "18"])
def test_caller_picks_up_whatever_the_digits_mean_for_calls_to_it(heard, digits):
    ring(heard, number=f"+141555501{digits}")

    assert "in-progress" in kinds(heard)


@pytest.mark.parametrize("digits, reason", TRANSFERS.items())
def test_transfer_ends_as_the_digits_say(heard, digits, reason):
    heard.answers["transfer-destination-request"] = {"destination": {"number": "+442079460018"}}

    ring(heard, number=f"+141555501{digits}")

    assert "forwarding" in kinds(heard)
    assert heard.messages[-1]["endedReason"] == reason


def test_transfer_without_a_destination_is_escalated(heard):
    heard.answers["transfer-destination-request"] = {"error": "Nobody."}

    ring(heard, number="+14155550128")

    [asked] = [message for message in heard.messages if message["type"] == "tool-calls"]
    assert asked["toolCallList"][0]["function"]["name"] == "escalateToHuman"
    assert heard.messages[-1]["endedReason"] == "assistant-ended-call"


def test_number_that_called_last_is_rung(heard):
    with Sandbox(pace=0, listener=Listener(heard.url, "s3cret")) as sandbox:
        client = make_client(sandbox)
        client.call("18")
        client.request("POST", PATH, json={"number": "Anonymous"}, timeout=10)

    assert heard.messages[0]["phoneNumber"]["id"] == PHONE_NUMBER


@pytest.mark.parametrize("body", [b"{", b"[]", b"", b'{"number": "+14155550199"}'])
def test_ring_that_says_too_little_is_refused(heard, body):
    with Sandbox(pace=0, listener=Listener(heard.url, "x")) as sandbox:
        said = make_client(sandbox).request("POST", PATH, data=body)

    assert said.status_code == 400


def test_ring_without_a_listener_or_a_key_is_refused(client, sandbox):
    alone = client.request("POST", PATH, json={"number": "+14155550199"})
    keyless = requests.post(f"{sandbox.base_url}{PATH}", json={}, timeout=2)

    assert (alone.status_code, "events-url" in alone.json()["message"]) == (400, True)
    assert (keyless.status_code, "bearer token" in keyless.json()["message"]) == (400, True)


def test_page_rings(heard):
    with Sandbox(pace=0, listener=Listener(heard.url, "x")) as sandbox:
        url, key = f"{sandbox.base_url}{PATH}", make_client(sandbox).key
        page = requests.get(url, timeout=2)
        entered = {"key": key, "number": "<b>", "phoneNumberId": PHONE_NUMBER}
        rung = requests.post(url, data=entered, timeout=10)
        empty = requests.post(url, data={"key": key}, timeout=2)

    assert "<h1>Ring back</h1>" in page.text
    assert (rung.status_code, "It rings." in rung.text) == (200, True)
    assert (empty.status_code, "Fill in key and number." in empty.text) == (400, True)


@pytest.mark.parametrize("prefix, field", OWNED.items())
def test_number_shows_its_own_answerer(client, prefix, field):
    shown = client.get(f"/phone-number/{prefix}{PHONE_NUMBER[9:]}").json()

    assert [name for name in ("assistantId", "squadId", "workflowId") if name in shown] == [field]
    assert "server" not in shown


def test_number_shows_where_it_reports_to(heard):
    with Sandbox(pace=0, listener=Listener(heard.url, "x")) as sandbox:
        shown = make_client(sandbox).get(f"/phone-number/{PHONE_NUMBER}").json()

    assert shown["server"] == {"url": heard.url}
