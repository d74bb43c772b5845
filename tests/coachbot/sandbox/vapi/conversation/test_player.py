"""The sandbox plays a placed call to whoever listens: status, tool calls, report."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from coachbot.sandbox.listeners import Listener
from coachbot.sandbox.server import Sandbox
from tests.coachbot.sandbox.vapi.client import calls_of, make_client, wait_until

SLOTS = "Free: Monday 23 November: 09:00 [2026-11-23T09:00:00+00:00]."


@pytest.fixture
def heard():
    """A real server at `url` that keeps the messages it gets, and answers tool calls."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Ear) as server:
        server.messages = []
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        server.url = f"http://127.0.0.1:{server.server_address[1]}/events"
        yield server
        server.shutdown()


class _Ear(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        message = body["message"]
        self.server.messages.append((self.headers["Authorization"], message))
        ids = [call["id"] for call in message.get("toolCallList", [])]
        results = {"results": [{"toolCallId": id, "result": SLOTS} for id in ids]}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(results).encode())

    def log_message(self, *args):
        """Say nothing."""


def play(heard, digits):
    """Place a call that is played to `heard`. Return the call's body and the messages."""
    with Sandbox(pace=0, listener=Listener(heard.url, "s3cret")) as sandbox:
        client = make_client(sandbox)
        client.call(digits)
        [call] = calls_of(sandbox, client)
        wait_until(lambda: call.body["status"] == "ended")
        wait_until(lambda: digits in ("13", "15", "17") or "artifact" in call.body)
        last = "status-update" if digits in ("13", "15", "17") else "end-of-call-report"
        wait_until(
            lambda: (
                heard.messages
                and heard.messages[-1][1]["type"] == last
                and heard.messages[-1][1].get("endedReason")
            )
        )
    return call.body, [message for _, message in heard.messages]


def kinds(messages):
    return [message.get("status") or message["type"] for message in messages]


def test_booked_call_is_told_from_ringing_to_its_report(heard):
    body, messages = play(heard, "10")

    names = [m["toolCallList"][0]["function"]["name"] for m in messages if "toolCallList" in m]
    assert kinds(messages) == [
        *("ringing", "in-progress", *["tool-calls"] * 4, "ended", "end-of-call-report"),
    ]
    assert names == ["updateLeadProfile", "listSlots", "bookConsult", "endConversation"]
    assert {header for header, _ in heard.messages} == {"Bearer s3cret"}
    assert body["artifact"]["transcript"] == messages[-1]["artifact"]["transcript"]


def test_first_offered_time_is_booked(heard):
    _, messages = play(heard, "10")

    [asked] = [
        json.loads(call["function"]["arguments"])
        for message in messages
        for call in message.get("toolCallList", [])
        if call["function"]["name"] == "bookConsult"
    ]
    assert (asked["start"], asked["email"]) == ("2026-11-23T09:00:00+00:00", "lead@example.com")


def test_messages_repeat_the_call_as_it_was_made(heard):
    body, messages = play(heard, "16")

    assert {message["call"]["status"] for message in messages} == {"queued"}
    assert {message["call"]["id"] for message in messages} == {body["id"]}
    assert body["status"] == "ended"


@pytest.mark.parametrize(
    "digits, expected, reason",
    [
        ("13", ["ringing", "ended"], "customer-did-not-answer"),
        ("14", ["ringing", "in-progress", "ended", "end-of-call-report"], "voicemail"),
        ("15", ["ended"], "call.start.error-subscription-insufficient-credits"),
        ("17", ["ringing", "ended"], "customer-busy"),
    ],
)
def test_call_that_reaches_nobody_says_why(heard, digits, expected, reason):
    body, messages = play(heard, digits)

    assert kinds(messages) == expected
    assert (body["endedReason"], messages[-1]["endedReason"]) == (reason, reason)


@pytest.mark.parametrize("digits", ["18", "40"])
def test_of_a_call_that_is_blocked_or_not_placed_nothing_is_told(heard, digits):
    with Sandbox(pace=0, listener=Listener(heard.url, "s3cret")) as sandbox:
        client = make_client(sandbox)
        client.call(digits)
        client.call("15")
        wait_until(lambda: heard.messages)

    assert {message["call"]["customer"]["number"][-2:] for _, message in heard.messages} == {"15"}


def test_listener_of_one_key_hears_of_its_calls_alone(heard):
    with Sandbox(pace=0) as sandbox:
        client, stranger = make_client(sandbox), make_client(sandbox)
        sandbox.listen(client.key, Listener(heard.url, "own"))
        stranger.call("15")
        client.call("15")
        wait_until(lambda: heard.messages)

    assert [header for header, _ in heard.messages] == ["Bearer own"]


def test_nobody_at_the_url_ends_the_call_quietly(capfd):
    with Sandbox(pace=0, listener=Listener("http://127.0.0.1:9/events", "x")) as sandbox:
        make_client(sandbox).call("10")
        wait_until(lambda: "127.0.0.1:9" in capfd.readouterr().err)


def test_stopping_leaves_a_call_in_its_middle(heard):
    with Sandbox(pace=60, listener=Listener(heard.url, "x")) as sandbox:
        client = make_client(sandbox)
        client.call("10")

    assert heard.messages == []
    assert calls_of(sandbox, client)[0].body["status"] == "queued"
