"""Cal.com's API v2: free slots, bookings, and whether an account works.

docs/providers/calcom.md has the facts this relies on, with their sources. Answers are read
defensively, as some errors come in a second shape and recurring bookings as a list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings

from coachbot.providers import ProviderError, Refused, Unclear
from coachbot.providers.calcom.asking import (
    BOOKINGS_VERSION,
    EVENT_TYPES_VERSION,
    LARGEST_PAGE,
    SLOTS_VERSION,
    Account,
    ask,
    iso,
)
from coachbot.providers.calcom.errors import Meaning, meaning
from coachbot.providers.reading import fields, items, moment, text
from coachbot.providers.transport import Door

LONGEST_NOTES = 2_000
OFF = ("cancelled", "rejected")


class SlotTaken(Refused):
    """The time is not free (any more)."""


class PhoneRefused(Refused):
    """The phone number is not taken; the booking can be made without it."""


class EmailRefused(Refused):
    """The e-mail address is not taken."""


REFUSALS = {
    Meaning.TAKEN: SlotTaken,
    Meaning.PHONE: PhoneRefused,
    Meaning.EMAIL: EmailRefused,
    Meaning.OTHER: Refused,
}


@dataclass(frozen=True)
class Appointment:
    """Who wants to come, and when. request_id: ours, by which find_booking() knows it again.

    lead_id: goes along, too, so that a booking can be told whose it is when ours is forgotten.
    """

    request_id: str
    start: datetime
    name: str
    email: str
    phone: str = ""
    notes: str = ""
    lead_id: str = ""


@dataclass(frozen=True)
class Booking:
    """A booking that Cal.com holds. is_pending: the host has yet to confirm it."""

    uid: str
    start: datetime
    is_pending: bool


def free_slots(
    door: Door, account: Account, *, start: datetime, end: datetime, timeout: float
) -> list[datetime]:
    """Return the starts of the free slots between two aware moments, in their order.

    They carry the account's time zone. Raises ProviderError.
    """
    params = {
        "eventTypeId": account.event_type_id,
        "start": iso(start),
        "end": iso(end),
        "timeZone": account.time_zone,
    }
    answer = ask(
        *(door, account, "list_slots", "/slots"),
        version=SLOTS_VERSION,
        timeout=timeout,
        params=params,
    )
    days = answer.get("data")
    if not isinstance(days, dict):
        raise ProviderError("Cal.com /slots answered something other than slots.")
    # In UTC: in one zone, the two times of an hour that is repeated in autumn are the same.
    found = {slot.astimezone(UTC) for slot in _slots(days)}
    return [slot.astimezone(account.zone) for slot in sorted(found) if start <= slot <= end]


def _slots(days: Mapping[str, Any]) -> Iterator[datetime]:
    for slots in days.values():
        for slot in items(slots):
            start = moment(slot.get("start") if isinstance(slot, dict) else slot)
            if start:
                yield start


def book(door: Door, account: Account, appointment: Appointment, *, timeout: float) -> Booking:
    """Make a booking.

    Raises SlotTaken, PhoneRefused, EmailRefused, Refused, Unreachable, or Unclear: then it may
    have been made all the same, and find_booking() says so.
    """
    attendee = {
        "name": appointment.name,
        "email": appointment.email,
        "timeZone": account.time_zone,
        **({"phoneNumber": appointment.phone} if appointment.phone else {}),
    }
    body: dict[str, Any] = {
        "eventTypeId": account.event_type_id,
        "start": iso(appointment.start),
        "attendee": attendee,
        "metadata": {"requestId": appointment.request_id, "source": "coachbot"},
    }
    if appointment.lead_id:
        body["metadata"]["leadId"] = appointment.lead_id
    if appointment.notes:
        body["bookingFieldsResponses"] = {"notes": appointment.notes[:LONGEST_NOTES]}
    try:
        # The log does not repeat what the lead's own page says of the person.
        told = {"start": body["start"], "requestId": appointment.request_id}
        answer = ask(
            *(door, account, "create_booking", "/bookings"),
            method="POST",
            version=BOOKINGS_VERSION,
            timeout=timeout,
            json=body,
            told=told,
        )
    except Refused as error:
        refusal = REFUSALS[meaning(error.status, error.response)]
        raise refusal(str(error), status=error.status, response=error.response) from error
    data = answer.get("data")
    # A recurring event type answers with a list of bookings.
    found = _booking(data[0] if isinstance(data, list) and data else data)
    if found is None:
        raise Unclear("Cal.com /bookings failed: the answer holds no booking.", status=201)
    return found


def find_booking(
    door: Door, account: Account, *, request_id: str, start: datetime, timeout: float
) -> Booking | None:
    """Return the booking that was made for a request, or None if none is listed (yet).

    Raises ProviderError where the list cannot be read.
    """
    params = {
        "eventTypeId": account.event_type_id,
        "afterStart": iso(start - timedelta(minutes=1)),
        "beforeEnd": iso(start + timedelta(days=2)),
        "status": "upcoming,unconfirmed",
        "sortStart": "asc",
        "take": LARGEST_PAGE,
    }
    answer = ask(
        *(door, account, "list_bookings", "/bookings"),
        version=BOOKINGS_VERSION,
        timeout=timeout,
        params=params,
    )
    listed = answer.get("data")
    if not isinstance(listed, list):
        raise ProviderError("Cal.com /bookings answered something other than a list.")
    for item in map(fields, listed):
        if fields(item.get("metadata")).get("requestId") == request_id:
            return _listed_booking(item)
    return None


def _listed_booking(item: Mapping[str, Any]) -> Booking | None:
    """Return a booking that was made, None for one that was called off. Raises ProviderError."""
    found = _booking(item)
    if found is None and item.get("status") not in OFF:
        raise ProviderError("Cal.com /bookings answered a booking that cannot be read.")
    return found


def verify(door: Door, account: Account, *, timeout: float | None = None) -> list[str]:
    """Ask Cal.com whether key, event type and time zone work together.

    Return what the owner should know, as sentences; an empty list is the best answer.
    Raises Refused with a sentence where it cannot work, and ProviderError.
    """
    timeout = timeout or settings.CALCOM_TIMEOUT
    quietly: dict[str, Any] = {"timeout": timeout, "is_quiet": True}
    ask(door, account, "get_me", "/me", version=BOOKINGS_VERSION, **quietly)
    path = f"/event-types/{quote(str(account.event_type_id), safe='')}"
    answer = ask(door, account, "get_event_type", path, version=EVENT_TYPES_VERSION, **quietly)
    event_type = answer.get("data")
    if not isinstance(event_type, dict):
        raise ProviderError("Cal.com /event-types answered something other than an event type.")
    if event_type.get("schedulingType") == "managed":
        raise Refused("This is a managed event type. Enter the id of a member's own copy of it.")
    if event_type.get("requiresBookerEmailVerification"):
        raise Refused("The event type wants e-mails verified, which a call cannot do. Turn it off.")
    now = datetime.now(UTC)
    slots = free_slots(door, account, start=now, end=now + timedelta(days=14), timeout=timeout)
    return [*_warnings(event_type), *([] if slots else ["No time is free in the next 14 days."])]


def _warnings(event_type: Mapping[str, Any]) -> Iterator[str]:
    if event_type.get("recurrence"):
        yield "The event type is recurring: one booking makes several."
    confirmation = fields(event_type.get("confirmationPolicy"))
    if confirmation and not confirmation.get("disabled"):
        yield "Bookings wait for your confirmation, so the agent calls them requested."
    if event_type.get("price"):
        yield "The event type costs money, which a call cannot collect."
    for asked in map(fields, items(event_type.get("bookingFields"))):
        if asked.get("required") and not asked.get("isDefault"):
            slug = text(asked.get("slug"))
            yield f"The event type requires the field {slug!r}, which is not sent."


def _booking(data: Any) -> Booking | None:
    found = fields(data)
    uid, start, state = text(found.get("uid")), moment(found.get("start")), found.get("status")
    if not uid or start is None or state in OFF:
        return None
    return Booking(uid, start, state == "pending")
