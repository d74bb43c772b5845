"""Vapi as a sender: messages in the shapes that were captured, posted over HTTP."""

import json
import time
import uuid

import requests

from workspaces.connections import own_secrets

TIMEOUT = 30
# Moments of one conversation: picked up, hung up, reported.
PICKED_UP_MS = 1790000106314
HUNG_UP_MS = 1790000148600
REPORTED_MS = 1790000156233
STARTED, ENDED = "2026-09-21T14:15:06.298Z", "2026-09-21T14:15:48.574Z"
TRANSCRIPT = "AI: Hi, is this Jane?\nUser: Yes.\n"
TURNS = [
    {"role": "system", "message": "You are an assistant.", "time": 1790000104950},
    {"role": "bot", "message": "Hi, is this Jane?", "time": 1790000106450, "duration": 1620},
    {"role": "user", "message": "Yes.", "time": 1790000108960, "duration": 980},
]


class Reporter:
    """Sends messages to one workspace's URLs with its tool secret."""

    def __init__(self, base_url: str, workspace):
        self.base = f"{base_url}/api/vapi/{workspace.slug}"
        self.secret = own_secrets.tool_secret(workspace)
        self.session = requests.Session()

    def send(self, message, *, path="events", headers=None, **request) -> requests.Response:
        """POST a message. headers: in place of the right ones."""
        right = {"Authorization": f"Bearer {self.secret}"}
        request = request or {"json": {"message": message}}
        headers = right if headers is None else headers
        url = f"{self.base}/{path}"
        return self.session.post(url, headers=headers, timeout=TIMEOUT, **request)

    def status(self, call, status, *, at=None, **fields) -> requests.Response:
        return self.send(status_update(call, status, at=at, **fields))

    def report(self, call, reason="customer-ended-call", **fields) -> requests.Response:
        return self.send(end_of_call_report(call, reason, **fields))

    def ask(self, call, name, arguments=None, *, id=None, path="events") -> str:
        """Send one tool call. Return the words that the assistant gets."""
        message = tool_calls(call, item(name, arguments or {}, id=id))
        response = self.send(message, path=path)
        assert response.status_code == 200, response.text
        [answer] = response.json()["results"]
        return answer["result"]


# What `message.phoneNumber` of a Twilio number was seen to hold.
TWILIO_TOKEN = "twilio-token-that-nobody-may-keep"


def inbound_call(number, at, *, id=None) -> dict:
    """A call that comes in, as Vapi's messages repeat it. number: who rings; at: whose id."""
    customer = {"number": number} if number is not None else {}
    return {
        "id": id or str(uuid.uuid4()),
        "type": "inboundPhoneCall",
        "status": "ringing",
        "phoneNumberId": at,
        "assistantId": None,
        "customer": customer,
    }


def assistant_request(call, **fields) -> dict:
    """An assistant-request as it was captured, for a call of inbound_call()."""
    phone_number = {
        "id": call["phoneNumberId"],
        "number": "+14155550100",
        "provider": "twilio",
        "twilioAuthToken": TWILIO_TOKEN,
    }
    return {
        "timestamp": PICKED_UP_MS - 900,
        "type": "assistant-request",
        "call": call,
        "phoneNumber": phone_number,
        "customer": call["customer"],
        **fields,
    }


def about(call) -> dict:
    """What every message repeats: a snapshot of a call, a sandbox body or a dict of ids."""
    body = {"status": "queued", **getattr(call, "body", call)}
    return {
        "call": body,
        "customer": body.get("customer", {}),
        "phoneNumber": {"id": "8d0c2f4e-0b7a-4f7e-8a55-0f2d3c9b7e10", "provider": "twilio"},
        "assistant": {"id": body.get("assistantId"), "name": "Reminder"},
    }


def status_update(call, status, *, at=None, **fields) -> dict:
    """A status-update. `ended` carries its reason in `endedReason`."""
    default = HUNG_UP_MS if status == "ended" else PICKED_UP_MS
    return {
        "timestamp": at or default,
        "type": "status-update",
        "status": status,
        "artifact": {"messages": [], "messagesOpenAIFormatted": []},
        **about(call),
        **fields,
    }


def end_of_call_report(call, reason="customer-ended-call", **fields) -> dict:
    """An end-of-call-report with all that the fact sheet shows."""
    url = f"https://storage.vapi.ai/{time.monotonic_ns()}-mono.wav"
    return {
        "timestamp": REPORTED_MS,
        "type": "end-of-call-report",
        "endedReason": reason,
        "startedAt": STARTED,
        "endedAt": ENDED,
        "cost": 0.0531,
        "analysis": {"summary": "Jane confirmed.", "successEvaluation": "true"},
        "artifact": {
            "transcript": TRANSCRIPT,
            "recordingUrl": url,
            "recording": {"mono": {"combinedUrl": url}},
            # Differs in each delivery, so a repeated body is never quite the same.
            "presignedMonoUrl": f"{url}?signature={time.monotonic_ns()}",
            "messages": TURNS,
        },
        **about(call),
        **fields,
    }


def tool_calls(call, *items, **fields) -> dict:
    """A tool-calls message with these items in its list."""
    return {
        "timestamp": 1790000121870,
        "type": "tool-calls",
        "toolCallList": list(items),
        **about(call),
        **fields,
    }


def item(name, arguments, *, id=None) -> dict:
    """One tool call in the schema's own shape (A)."""
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"id": id or f"call_{uuid.uuid4().hex}", "type": "function", "function": function}
