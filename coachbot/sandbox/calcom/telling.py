"""Cal.com's webhooks: what they say of a booking, and how they come, or do not.

One attempt each, whatever is answered. Of an event type the digits choose how: see event_types.
"""

import contextlib
import hashlib
import hmac
import json
import queue
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from coachbot.sandbox.calcom import event_types
from coachbot.sandbox.calcom.calendar import HOST
from coachbot.sandbox.clock import Clock, iso

TIMEOUT = 10.0
# Seconds after which an event comes that waited for another one to overtake it.
OVERTAKEN_AFTER = 1.0
UNSIGNED = "no-secret-provided"
# A key, and the id of one of its event types.
Source = tuple[str, int]
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Hook:
    """A webhook that somebody made at an event type."""

    id: str
    url: str
    triggers: tuple[str, ...]
    secret: str
    is_active: bool = True

    @property
    def shown(self) -> dict[str, Any]:
        """Its body, which repeats the secret."""
        return {
            "id": self.id,
            "subscriberUrl": self.url,
            "triggers": list(self.triggers),
            "active": self.is_active,
            "secret": self.secret,
            "payloadTemplate": None,
        }


class Teller:
    """Posts events, one after the other, on a thread of its own.

    hooks: those of a key's event type. told: every event there was to tell of, for tests.
    """

    def __init__(self, now: Clock, hooks: Callable[[str, int], list[Hook]]) -> None:
        self._now, self._hooks = now, hooks
        self._waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._overtaken: dict[Source, tuple[str, dict[str, Any]]] = {}
        self._changing = threading.Lock()
        self._thread: threading.Thread | None = None
        self.told: list[dict[str, Any]] = []

    def tell(self, key: str, trigger: str, booking: Mapping[str, Any], **fields: Any) -> None:
        """Tell of a booking of a key. fields: what the event says besides, or otherwise."""
        event = _event(trigger, booking, iso(self._now()), fields)
        self.told.append(event)
        event_type_id = int(booking["eventTypeId"])
        manner = event_types.choose(str(event_type_id)).telling
        if manner == event_types.Telling.LOST:
            return
        if manner == event_types.Telling.REVERSED:
            self._overtake((key, event_type_id), event)
            return
        for _ in range(2 if manner == event_types.Telling.TWICE else 1):
            self._post((key, event_type_id), event)

    def stop(self) -> None:
        """Post nothing more."""
        self._waiting.put(None)

    def _overtake(self, source: Source, event: dict[str, Any]) -> None:
        """Let the next event of the event type come before this one."""
        with self._changing:
            held = self._overtaken.pop(source, None)
            if held is None:
                token = event["triggerEvent"] + str(id(event))
                self._overtaken[source] = (token, event)
                late = threading.Timer(OVERTAKEN_AFTER, self._let_go, (source, token))
                late.daemon = True
                late.start()
                return
        self._post(source, event)
        self._post(source, held[1])

    def _let_go(self, source: Source, token: str) -> None:
        with self._changing:
            held = self._overtaken.get(source)
            if held is None or held[0] != token:
                return
            del self._overtaken[source]
        self._post(source, held[1])

    def _post(self, source: Source, event: dict[str, Any]) -> None:
        for hook in self._hooks(*source):
            if hook.is_active and event["triggerEvent"] in hook.triggers:
                self._begin()
                self._waiting.put(partial(self._send, hook, source[1], event))

    def _begin(self) -> None:
        with self._changing:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="cal.com", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while send := self._waiting.get():
            send()

    def _send(self, hook: Hook, event_type_id: int, event: dict[str, Any]) -> None:
        manner = event_types.choose(str(event_type_id)).telling
        is_form = manner == event_types.Telling.FORM
        body = (_form(event) if is_form else json.dumps(event)).encode()
        secret = "" if manner == event_types.Telling.UNSIGNED else hook.secret
        headers = {
            "Content-Type": FORM if is_form else "application/json",
            "X-Cal-Signature-256": sign(body, secret),
            "x-cal-webhook-version": "2021-10-20",
        }
        request = urllib.request.Request(hook.url, body, headers, method="POST")
        try:
            with contextlib.closing(urllib.request.urlopen(request, timeout=TIMEOUT)):
                pass
        except (OSError, ValueError) as error:  # an HTTPError among them
            print(f"Cal.com could not report to {hook.url}: {error}", file=sys.stderr)


def sign(body: bytes, secret: str) -> str:
    """What the header says of a body: in hexadecimal, without a word before it."""
    if not secret:
        return UNSIGNED
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _form(event: Mapping[str, Any]) -> str:
    texts = {name: v if isinstance(v, str) else json.dumps(v) for name, v in event.items()}
    return urlencode(texts)


def _event(
    trigger: str, booking: Mapping[str, Any], at: str, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """The body of an event. Those of meetings are flat, and carry no time of their own."""
    if trigger == "BOOKING_NO_SHOW_UPDATED":
        payload = {"bookingUid": booking["uid"], "bookingId": booking["id"], **fields}
        return {"triggerEvent": trigger, "createdAt": at, "payload": payload}
    payload = {**_payload(booking), **fields}
    if trigger == "BOOKING_CANCELLED":
        del payload["metadata"]
    if trigger.startswith("MEETING_"):
        return {"triggerEvent": trigger, **payload}
    return {"triggerEvent": trigger, "createdAt": at, "payload": payload}


def _payload(booking: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "consult",
        "title": booking["title"],
        "eventTypeId": booking["eventTypeId"],
        "bookingId": booking["id"],
        "uid": booking["uid"],
        "status": str(booking["status"]).upper(),
        "startTime": booking["start"].replace(".000Z", "Z"),
        "endTime": booking["end"].replace(".000Z", "Z"),
        "organizer": {**HOST, "utcOffset": 0},
        "attendees": [
            {"name": guest["name"], "email": guest.get("email"), "timeZone": guest["timeZone"]}
            for guest in booking["attendees"]
        ],
        "responses": {},
        "metadata": booking["metadata"],
        "iCalUID": booking["icsUid"],
        "iCalSequence": 0,
    }
