"""Asking the server who answers a call that comes in (section 10)."""

import json
import sys
import urllib.error
import urllib.request
from typing import Any

from coachbot.sandbox.clock import Clock, iso
from coachbot.sandbox.listeners import Listener
from coachbot.sandbox.vapi import catalog
from coachbot.sandbox.vapi.placed import Call

# Fixed: telephony allows 15, and Vapi keeps half of it.
TIMEOUT = 7.5
FAILED = "assistant-request-failed"
RETURNED_ERROR = "assistant-request-returned-error"
NO_ASSISTANT = "assistant-request-returned-no-assistant"
INVALID_ASSISTANT = "assistant-request-returned-invalid-assistant"


def who_answers(call: Call, listener: Listener, now: Clock) -> tuple[dict[str, Any] | None, str]:
    """What the server said, and the reason for which the call ends at once; "" if it goes on.

    What is said of the assistant goes into the call.
    """
    try:
        answer = _ask(call, listener, now)
    except (OSError, ValueError) as error:
        print(f"assistant-request to {listener.url}: {error}", file=sys.stderr, flush=True)
        return None, FAILED
    if answer.get("error"):
        return answer, RETURNED_ERROR
    assistant_id = answer.get("assistantId")
    if not assistant_id:
        return answer, NO_ASSISTANT
    if not catalog.exists(assistant_id):
        return answer, INVALID_ASSISTANT
    call.body.update(assistantId=assistant_id, updatedAt=iso(now()))
    if overrides := answer.get("assistantOverrides"):
        call.body["assistantOverrides"] = overrides
    return answer, ""


def _ask(call: Call, listener: Listener, now: Clock) -> dict[str, Any]:
    message = {
        "timestamp": int(now().timestamp() * 1000),
        "type": "assistant-request",
        "call": call.body,
        "customer": call.body["customer"],
        "phoneNumber": {
            "id": call.body["phoneNumberId"],
            "number": catalog.NUMBER,
            "provider": "twilio",
            "serverUrl": listener.url,
            "twilioAuthToken": catalog.TWILIO_TOKEN,
        },
    }
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Vapi-sandbox",
        **listener.headers,
    }
    body = json.dumps({"message": message}).encode()
    request = urllib.request.Request(listener.url, body, headers, method="POST")
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        answer = json.loads(response.read() or b"{}")
    if not isinstance(answer, dict):
        raise ValueError("the answer is no object")
    return answer
