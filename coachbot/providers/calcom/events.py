"""Cal.com's webhooks, as they come in: is_authentic() and read_hint().

What they say of a booking is not believed: a hint names the booking, and Cal.com is asked. See
docs/providers/calcom.md, section 8.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from coachbot.db.storable import storable
from coachbot.nesting import is_too_deep
from coachbot.providers.reading import fields, moment, text

SIGNATURE = "X-Cal-Signature-256"
LONGEST_WORD = 48
LONGEST_UID = 120
MOST_FIELDS = 200


class NotAnEvent(ValueError):
    """A body is none of Cal.com's events; `str()` says what is missing."""


@dataclass(frozen=True)
class Hint:
    """Which booking something happened to. Texts are "" where nothing is said.

    digest: the same for each delivery of one event. trigger: Cal.com's word for what happened.
    reschedule_uid: of the booking that this one is in the place of. request_id, lead_id: ours.
    asks_to_move: whether the host asked for another time. at: when it happened.
    """

    digest: str
    trigger: str
    uid: str = ""
    reschedule_uid: str = ""
    ical_uid: str = ""
    request_id: str = ""
    lead_id: str = ""
    asks_to_move: bool = False
    at: datetime | None = None


def is_authentic(signature: str, body: bytes, secret: str) -> bool:
    """Tell, in constant time, whether a body was signed with a secret.

    signature: the header, in hexadecimal, with or without `sha256=` before it.
    """
    sent = signature.strip().removeprefix("sha256=").lower().encode("utf-8", "replace")
    right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()
    return hmac.compare_digest(sent, right)


def read_hint(body: bytes) -> Hint:
    """Return what an event is about. Raises NotAnEvent.

    The booking's fields stand below `payload`, or beside the trigger; the body is JSON, or a form
    where the webhook has a template that is none.
    """
    event = _decode(body)
    trigger = text(event.get("triggerEvent"))[:LONGEST_WORD]
    if not trigger:
        raise NotAnEvent("Expected Cal.com's event: an object with a string `triggerEvent`.")
    found = _payload(event)
    metadata, at = _object(found.get("metadata")), moment(event.get("createdAt"))
    hint = Hint(
        digest="",
        trigger=trigger,
        uid=_uid(found, "uid") or _uid(found, "bookingUid"),
        reschedule_uid=_uid(found, "rescheduleUid"),
        ical_uid=_uid(found, "iCalUID"),
        request_id=text(metadata.get("requestId"))[:LONGEST_UID],
        lead_id=text(metadata.get("leadId"))[:LONGEST_UID],
        asks_to_move=found.get("requestReschedule") in (True, "true"),
        at=at,
    )
    return Hint(**{**vars(hint), "digest": _digest(hint, body)})


def _decode(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return _form(body)
    if not isinstance(value, dict) or is_too_deep(value):
        raise NotAnEvent("Expected a JSON object.")
    return value


def _form(body: bytes) -> Mapping[str, Any]:
    try:
        pairs = parse_qsl(body.decode(), max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {storable(name): value for name, value in pairs}


def _payload(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields of the booking: those of `payload`, else the event's own."""
    return _object(event.get("payload")) or event


def _object(value: Any) -> Mapping[str, Any]:
    """Return an object, also one that a form holds as text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return fields(value)


def _uid(found: Mapping[str, Any], name: str) -> str:
    uid = text(found.get(name))
    return uid if len(uid) <= LONGEST_UID else ""


def _digest(hint: Hint, body: bytes) -> str:
    """Return what two deliveries of an event have in common. It carries no id of its own."""
    told = [hint.trigger, hint.uid, hint.at.isoformat()] if hint.at and hint.uid else None
    return hashlib.sha256(json.dumps(told).encode() if told else body).hexdigest()
