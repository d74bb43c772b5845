"""The last two digits of the event type's id choose what Cal.com does. This is the only table."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from coachbot.sandbox.calcom.replies import bare_reply, error_reply, taken
from coachbot.sandbox.messages import JSON, Manner, Reply, Request

Refusal = Callable[[Request], Reply | None]


def _refused(status: int, code: str, message: str) -> Refusal:
    return lambda request: error_reply(request, status, code, message)


def _refused_field(name: str, message: str) -> Refusal:
    """Refuse a booking for one field of the attendee, where it is there."""

    def refuse(request: Request) -> Reply | None:
        if not json.loads(request.body or b"")["attendee"].get(name):
            return None
        return error_reply(request, 400, "BadRequestException", message)

    return refuse


def _bare(status: int, message: str) -> Refusal:
    return lambda request: bare_reply(status, message)


class Telling(Enum):
    """How webhooks come."""

    ONCE = "once"
    TWICE = "twice"
    REVERSED = "reversed"
    LOST = "lost"
    UNSIGNED = "unsigned"
    FORM = "form"


@dataclass(frozen=True)
class EventType:
    """One row: which digits, what happens in a plain sentence, and the same for the machine.

    `answer` replaces the booking's own; where nothing is booked it has to be given.
    names_successor: whether a booking that was moved says to which one; where it does not, the
    move is told as a request and its confirmation. webhook_refusal: of whoever asks for webhooks.
    """

    digits: str
    says: str
    is_missing: bool = False
    is_silent: bool = False
    is_full: bool = False
    is_booked: bool = True
    is_recurring: bool = False
    status: str = "accepted"
    hidden_for: float = 0.0
    answer: Reply | None = None
    refusal: Refusal | None = None
    telling: Telling = Telling.ONCE
    names_successor: bool = True
    webhook_refusal: Refusal | None = None
    shows: Mapping[str, Any] = field(default_factory=dict)


def _refused_trigger(name: str) -> Refusal:
    """Refuse a webhook for one of its triggers, and name it."""

    def refuse(request: Request) -> Reply | None:
        if name not in (json.loads(request.body or b"{}") or {}).get("triggers", ()):
            return None
        return error_reply(request, 400, "BadRequestException", f"Unknown trigger {name}")

    return refuse


FIXED_HOSTS = "fixed_hosts_unavailable_for_booking"
ROUND_ROBIN = "round_robin_hosts_unavailable_for_booking"
SILENT = Reply(manner=Manner.SILENT)
STALLED = Reply(201, b'{"status": "success", "data": {}}', JSON, manner=Manner.STALLED)
DRIPPING_HEAD = Reply(201, manner=Manner.DRIPPING_HEAD)
SERVER_ERROR = bare_reply(500, "Internal server error")
ORDINARY = EventType("", "Any other digits: what is free can be booked.")

TABLE = (
    EventType(
        "10",
        "Bookings wait for the host's confirmation.",
        status="pending",
        shows={"confirmationPolicy": {"type": "always"}},
    ),
    EventType(
        "11",
        "Recurring: the answer is a list.",
        is_recurring=True,
        shows={"recurrence": {"frequency": "weekly", "interval": 1, "occurrences": 4}},
    ),
    EventType("20", "Every slot is taken when it is booked (400).", refusal=taken),
    EventType(
        "21",
        "Every slot is taken when it is booked (409).",
        refusal=lambda request: bare_reply(409, "booking_conflict_error"),
    ),
    EventType("22", "The fixed host is not free.", refusal=_bare(400, FIXED_HOSTS)),
    EventType("23", "No host of the team is free.", refusal=_bare(400, ROUND_ROBIN)),
    EventType("24", "No host is free.", refusal=_bare(400, "hosts_unavailable_for_booking")),
    EventType("25", "All seats are taken.", refusal=_bare(400, "booking_seats_full_error")),
    EventType(
        "26", "Too few seats are left.", refusal=_bare(400, "not_enough_available_seats_error")
    ),
    EventType("27", "Nobody was found.", refusal=_bare(400, "no_available_users_found_error")),
    EventType("28", "A conflict without known words.", refusal=_bare(409, "Conflict")),
    EventType("30", "Nothing is free.", is_full=True),
    EventType("40", "There is no such event type.", is_missing=True),
    EventType(
        "41",
        "A field of its own is required.",
        refusal=_refused(
            400, "BadRequestException", "Missing required booking field response: budget"
        ),
        shows={"bookingFields": [{"type": "text", "slug": "budget", "required": True}]},
    ),
    EventType("42", "A managed event type.", shows={"schedulingType": "managed"}),
    EventType("43", "E-mails are verified.", shows={"requiresBookerEmailVerification": True}),
    EventType(
        "44",
        "Any phone number is refused.",
        refusal=_refused_field("phoneNumber", "attendee.phoneNumber property is wrong"),
    ),
    EventType(
        "45",
        "Any e-mail address is refused.",
        refusal=_refused_field("email", "attendee.email property is wrong"),
    ),
    EventType(
        "49", "Too many requests.", refusal=lambda request: bare_reply(429, "Too many requests")
    ),
    EventType("50", "Not booked, and the answer is a 500.", is_booked=False, answer=SERVER_ERROR),
    EventType("51", "Not booked, and no answer comes.", is_booked=False, answer=SILENT),
    EventType("60", "Booked, but no answer comes.", answer=SILENT),
    EventType("61", "Booked, but the answer is a 500.", answer=SERVER_ERROR),
    EventType("62", "Booked, a 500, and listed 2 s later.", answer=SERVER_ERROR, hidden_for=2.0),
    EventType("63", "Booked, a 500, and listed 60 s later.", answer=SERVER_ERROR, hidden_for=60.0),
    EventType("64", "Booked, and the answer stops in the middle of its body.", answer=STALLED),
    EventType("65", "Booked, and the answer's headers drip without end.", answer=DRIPPING_HEAD),
    EventType("70", "No question is ever answered.", is_silent=True),
    EventType("80", "Each webhook comes twice.", telling=Telling.TWICE),
    EventType("81", "Each second webhook overtakes the one before.", telling=Telling.REVERSED),
    EventType("82", "No webhook ever comes.", telling=Telling.LOST),
    EventType("83", "Webhooks are not signed (no-secret-provided).", telling=Telling.UNSIGNED),
    EventType("84", "Webhooks come as forms.", telling=Telling.FORM),
    EventType(
        "85",
        "A move is told as a request and its confirmation; the old booking does not name the new.",
        names_successor=False,
    ),
    EventType(
        "86",
        "Webhooks are refused for one of their triggers.",
        webhook_refusal=_refused_trigger("BOOKING_PAID"),
    ),
    EventType(
        "87",
        "Webhooks are refused (403).",
        webhook_refusal=_refused(403, "ForbiddenException", "WEBHOOK_WRITE is missing"),
    ),
    EventType("88", "Webhooks: a 500.", webhook_refusal=_bare(500, "Internal server error")),
)

_BY_DIGITS = {event_type.digits: event_type for event_type in TABLE}


def choose(event_type_id: str) -> EventType:
    """An event type's id to what happens with it."""
    return _BY_DIGITS.get(event_type_id[-2:], ORDINARY)
