"""Every reader of a provider's JSON, whatever the answer: a value, or a ProviderError."""

import copy
import json
from datetime import UTC, datetime, timedelta

import pytest

from coachbot.deadline import Deadline
from coachbot.providers import ProviderError
from coachbot.providers.calcom import account as calcom_account
from coachbot.providers.calcom import client as calcom
from coachbot.providers.calcom import webhooks
from coachbot.providers.calcom.bookings import changed_bookings, get_booking
from coachbot.providers.openai import account as openai_account
from coachbot.providers.openai import client as openai
from coachbot.providers.transport import Door
from coachbot.providers.twilio import account as twilio_account
from coachbot.providers.twilio import client as twilio
from coachbot.providers.vapi import account as vapi_account
from coachbot.providers.vapi import client as vapi
from coachbot.providers.vapi import events, listing
from coachbot.providers.vapi.assistant import having, resources, wiring
from coachbot.providers.vapi.assistant.wiring import Wanted
from tests.providers import JSON, ODD_BODIES, ODD_VALUES, OddProvider
from tests.vapi_messages import (
    assistant_request,
    end_of_call_report,
    inbound_call,
    item,
    tool_calls,
)

NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
ATTEMPT = "5c1e8a50-6a3e-4c83-9a55-5f6c0c2b7d01"
DOOR = Door()
VAPI = vapi.Account("key", ATTEMPT, ATTEMPT)
CALCOM = calcom.Account("cal_key", 7, "Europe/London")
OPENAI = openai.Account("sk-odd-answers-key")
SENDER = "whatsapp:+15557122661"
TWILIO = twilio.Account("AC" + "0" * 32, "f" * 32, SENDER, "HX" + "a" * 32, "HX" + "b" * 32)
SERVICE = twilio.Account("AC" + "0" * 32, "f" * 32, "MG" + "5" * 32, "HX" + "a" * 32)
WISH = calcom.Appointment("req-1", NOW, "Jane", "jane@acme.com")
CALL = {
    "id": "01a0b7c2-5d10-7e44-8c3a-6b1f0e9d2a47",
    "status": "ended",
    "createdAt": "2026-10-01T09:00:01.402Z",
    "startedAt": "2026-10-01T09:00:02.402Z",
    "subscriptionLimits": {"concurrencyBlocked": False},
    "customer": {"externalId": ATTEMPT},
    "assistantOverrides": {"metadata": {"attemptId": ATTEMPT}},
    "endedReason": "customer-ended-call",
    "artifact": {"transcript": "User: Yes.", "messages": [{"role": "user", "message": "Yes."}]},
    "analysis": {"summary": "Short."},
}
RESOURCE = {
    **{"id": ATTEMPT, "name": "Reminder", "number": "+44", "status": "active"},
    **{"assistantId": None, "server": {"url": "https://x.test/events"}, "serverUrl": ""},
}
WANTED = Wanted(
    "https://x.test/events", {"listSlots": "https://x.test/l", "optOut": "https://x.test/o"}, "s"
)
TOOL = {
    **{"id": ATTEMPT, "type": "function", "async": False, "createdAt": "2026-10-01T09:00:00Z"},
    "function": {
        **{"name": "listSlots", "description": "Free times"},
        "parameters": {"type": "object", "properties": {}, "required": []},
    },
    "server": {"url": "https://x.test/l", "timeoutSeconds": 5, "headers": {"X-Own": "1"}},
}
ASSISTANT = {
    **{"id": ATTEMPT, "serverMessages": ["hang"]},
    "server": {"url": "https://n8n.example/x", "secret": "theirs"},
    "model": {
        **{"provider": "openai", "model": "gpt-4o", "toolIds": [ATTEMPT]},
        **{"tools": [TOOL], "toolRefs": [{"toolId": "t", "version": "v2"}]},
    },
}
BOOKING = {"uid": "u1", "start": "2026-10-01T09:00:00Z", "status": "accepted"}
EVENT_TYPE = {
    "schedulingType": None,
    "confirmationPolicy": {"disabled": False},
    "bookingFields": [{"slug": "budget", "required": True}],
}
LISTED = {**BOOKING, "metadata": {"requestId": "req-1"}}
SHOWN = {
    **LISTED,
    "rescheduledToUid": None,
    "icsUid": "u1@Cal.com",
    "cancellationReason": "ill",
    "attendees": [{"email": "jane@acme.com", "absent": True}],
    "updatedAt": "2026-10-01T09:00:00Z",
}
HOOK = {"id": 7, "subscriberUrl": "https://coachbot.example/x"}
MESSAGE = {
    **{"sid": "SM" + "1" * 32, "status": "failed", "direction": "outbound-api", "body": "Hi"},
    **{"from": SENDER, "to": "whatsapp:+447700900123", "num_media": "0", "error_code": 63016},
    **{"date_created": "Fri, 27 Nov 2026 12:00:00 +0000", "date_sent": None},
}
NEXT = f"/2010-04-01/Accounts/{TWILIO.account_sid}/Messages.json?Page=1"
# One answer to all that is asked of an account.
TWILIO_ACCOUNT = {
    **{"status": "active", "type": "Trial", "friendly_name": "Acme", "meta": {}},
    **{"inbound_request_url": "https://x.test/in", "use_inbound_webhook_on_number": False},
    "senders": [
        {
            **{"sid": "XE" + "1" * 32, "sender_id": SENDER, "status": "OFFLINE"},
            **{
                "webhook": {"callback_url": "https://x.test"},
                "properties": {"quality_rating": "x"},
            },
            "offline_reasons": [{"message": "Not verified."}],
        }
    ],
    "whatsapp": {"status": "rejected", "category": "UTILITY", "rejection_reason": "Too long."},
}
TOOL_CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
COMPLETION = {
    "choices": [
        {
            "finish_reason": "stop",
            "message": {"content": "Hi", "refusal": None, "tool_calls": [TOOL_CALL]},
        }
    ],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1},
}
SLOTS = {"2026-10-01": [{"start": "2026-10-01T09:00:00Z"}]}


def find_call():
    return listing.find_call(DOOR, VAPI, listing.Wanted(ATTEMPT, NOW), timeout=5)


def find_booking():
    return calcom.find_booking(DOOR, CALCOM, request_id="req-1", start=NOW, timeout=5)


def free_slots():
    return calcom.free_slots(DOOR, CALCOM, start=NOW, end=NOW + timedelta(days=1), timeout=5)


def changed():
    return changed_bookings(DOOR, CALCOM, since=NOW, skip=0, timeout=5)


def subscribe():
    return webhooks.subscribe(
        DOOR, CALCOM, url="https://x.example", secret="s", webhook_id="", deadline=Deadline(5)
    )


def send_text():
    return twilio.send_text(DOOR, TWILIO, to=SENDER, body="Hi", callback_url="", timeout=5)


def complete():
    said = [{"role": "user", "content": "Hi"}]
    return openai.complete(DOOR, OPENAI, said, [], most_tokens=9, timeout=5)


# Each reader, and an answer that it likes.
READERS = {
    "create": (lambda: vapi.create_call(DOOR, VAPI, {}, timeout=5), CALL),
    "list": (find_call, [CALL]),
    "get": (lambda: vapi.get_call(DOOR, VAPI, "x", timeout=5), CALL),
    "verify at Vapi": (
        lambda: vapi_account.verify_account(
            DOOR, VAPI, events_url=WANTED.events_url, tool_urls=WANTED.tool_urls
        ),
        RESOURCE,
    ),
    "assistants": (lambda: resources.list_assistants(DOOR, "key", timeout=5), [RESOURCE]),
    "numbers": (lambda: resources.list_phone_numbers(DOOR, "key", timeout=5), [RESOURCE]),
    "tools": (lambda: resources.list_tools(DOOR, VAPI, timeout=5), [TOOL]),
    "assistant": (lambda: resources.get_assistant(DOOR, VAPI, timeout=5), ASSISTANT),
    "change assistant": (
        lambda: resources.change_assistant(DOOR, VAPI, {}, secret="a-tool-secret", timeout=5),
        ASSISTANT,
    ),
    "make tool": (
        lambda: resources.create_tool(DOOR, VAPI, TOOL, secret="a-tool-secret", timeout=5),
        TOOL,
    ),
    "recording": (lambda: vapi.recording_link(DOOR, VAPI, "x", timeout=5), {}),
    "slots": (free_slots, {"data": SLOTS}),
    "book": (lambda: calcom.book(DOOR, CALCOM, WISH, timeout=5), {"data": BOOKING}),
    "bookings": (find_booking, {"data": [LISTED]}),
    "booking": (lambda: get_booking(DOOR, CALCOM, "u1", timeout=5), {"data": SHOWN}),
    "changed bookings": (changed, {"data": [SHOWN], "pagination": {"hasNextPage": False}}),
    "webhooks": (lambda: webhooks.list_webhooks(DOOR, CALCOM, timeout=5), {"data": [HOOK]}),
    "make webhook": (subscribe, {"data": HOOK}),
    "send": (send_text, MESSAGE),
    "message": (lambda: twilio.fetch_message(DOOR, TWILIO, "SM1", timeout=5), MESSAGE),
    "messages": (
        lambda: twilio.list_messages(DOOR, TWILIO, timeout=5),
        {"messages": [MESSAGE], "next_page_uri": NEXT},
    ),
    "verify at Twilio": (
        lambda: twilio_account.verify_account(DOOR, TWILIO, events_url="https://x.test/a/b"),
        TWILIO_ACCOUNT,
    ),
    "verify a service at Twilio": (
        lambda: twilio_account.verify_account(DOOR, SERVICE, events_url="https://x.test/a/b"),
        TWILIO_ACCOUNT,
    ),
    "complete": (complete, COMPLETION),
    "verify the model": (lambda: openai_account.verify_account(DOOR, OPENAI), COMPLETION),
    "verify at Cal.com": (
        lambda: calcom_account.verify_account(DOOR, CALCOM),
        {"data": {**EVENT_TYPE, **SLOTS}},
    ),
}
# What these read goes back to Vapi as it came, and never into a database or a page as it is.
AS_IT_CAME = ("tools", "assistant", "change assistant", "make tool")


@pytest.fixture(scope="module")
def provider():
    with OddProvider(lambda path, body: (200, JSON, b"")) as running:
        yield running


@pytest.fixture(autouse=True)
def providers_are_odd(settings, provider):
    settings.VAPI_BASE_URL = settings.CALCOM_BASE_URL = provider.base_url
    settings.TWILIO_BASE_URL = settings.TWILIO_MESSAGING_BASE_URL = provider.base_url
    settings.TWILIO_CONTENT_BASE_URL = settings.OPENAI_BASE_URL = provider.base_url


def bent(liked):
    """Yield an answer with each of its fields, and each item, as each odd value."""
    for path in paths(liked):
        for value in ODD_VALUES:
            answer = copy.deepcopy(liked)
            holder = answer
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = value
            yield answer


def paths(value, path=()):
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in steps:
        yield (*path, step)
        if isinstance(inner, dict | list):
            yield from paths(inner, (*path, step))


def read(ask):
    """Return what a reader returns, or its ProviderError; anything else is a fault."""
    try:
        return ask()
    except ProviderError as error:
        return error


def assert_storable(found):
    """Whatever was read can go into a database and a page."""
    assert "\\x00" not in repr(found) and "\\ud800" not in repr(found), found


@pytest.mark.parametrize("reader", READERS)
def test_any_body_is_read_or_refused(reader, provider, caplog):
    ask, _ = READERS[reader]
    for status, kind in ((200, JSON), (200, "text/html; charset=utf-16"), (302, JSON), (404, JSON)):
        for body in ODD_BODIES:
            provider.answer = lambda path, sent, say=(status, kind, body): say
            read(ask)

    assert "could not be read" not in caplog.text  # nothing was left to the door


@pytest.mark.parametrize("reader", READERS)
def test_any_value_of_any_field_is_read_or_refused(reader, provider, caplog):
    ask, liked = READERS[reader]
    for answer in bent(liked):
        body = json.dumps(answer).encode()
        provider.answer = lambda path, sent, body=body: (200, JSON, body)
        found = read(ask)
        if not isinstance(found, ProviderError) and reader not in AS_IT_CAME:
            assert_storable(found)

    assert "could not be read" not in caplog.text


@pytest.mark.parametrize("reader", READERS)
def test_answer_that_it_likes_is_read(reader, provider):
    ask, liked = READERS[reader]
    location = reader == "recording"
    provider.answer = lambda path, sent: (200, JSON, json.dumps(liked).encode())

    assert isinstance(read(ask), ProviderError) is location


def test_messages_of_any_shape_are_parsed_or_refused():
    asked = tool_calls({"id": "x"}, item("listSlots", {"daysAhead": 3}))
    ring = assistant_request(inbound_call("+447700900123", "n"))
    for message in (end_of_call_report({"id": "x", "customer": {}}), asked, ring):
        for odd in bent({"message": message}):
            try:
                found = events.parse_event(odd, received_at=NOW)
            except events.NotAMessage:
                continue
            if not isinstance(found, events.ToolCalls):
                assert_storable(found)


def test_assistant_of_any_shape_is_judged_and_mended_or_refused():
    for assistant, tool in [(odd, TOOL) for odd in bent(ASSISTANT)] + [
        (ASSISTANT, odd) for odd in bent(TOOL) if isinstance(odd["id"], str)
    ]:
        saved = [tool, {**tool, "id": "another"}]
        before = wiring.standing(assistant)
        wiring.lacking(assistant, saved, WANTED)
        wiring.foreign(assistant, saved, WANTED)
        having.tool_names(assistant, saved)
        for own in wiring.own_tools(assistant, saved, WANTED).values():
            wiring.changes_of_tool(own, WANTED)
        try:
            parts = wiring.parts_for(assistant, saved, WANTED, {"listSlots": "a", "optOut": "b"})
        except wiring.NoModel:
            continue
        wiring.parts_back({**assistant, **parts}, before)


def test_arguments_of_any_depth_are_read_or_refused():
    for text in ("[" * 50_000, '{"x":' * 400 + "1" + "}" * 400, "9" * 5_000, "[]"):
        asked = {"id": "call_1", "function": {"name": "listSlots", "arguments": text}}
        found = events.parse_event({"message": tool_calls({"id": "x"}, asked)}, received_at=NOW)

        [request] = found.requests
        assert request.arguments is None
        assert request.arguments_digest


def test_call_among_oddities_is_found(provider):
    oddities = [value for value in ODD_VALUES if not isinstance(value, dict)]
    others = [{**CALL, "assistantOverrides": value, "customer": value} for value in ODD_VALUES]
    body = json.dumps([*oddities, *others, CALL]).encode()
    provider.answer = lambda path, sent: (200, JSON, body)

    assert find_call().call_id == CALL["id"]


def test_account_does_not_show_its_key():
    assert "key" not in repr(VAPI).replace("api_key", "") and "cal_key" not in repr(CALCOM)
