"""Cal.com's memory: bookings by API key, and what is free.

The host works on weekdays from 9 to 17 o'clock in UTC, in half hours, with two hours' notice.
"""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from coachbot.sandbox.clock import Clock, iso

OPENS, CLOSES = time(9), time(17)
LENGTH = timedelta(minutes=30)
NOTICE = timedelta(hours=2)
HOST = {"id": 11, "name": "Jo Host", "email": "jo@sandbox.invalid", "timeZone": "Etc/UTC"}
OFF = ("cancelled", "rejected")


@dataclass(frozen=True)
class Booked:
    """A booking: its body as Cal.com shows it, and from when on a list holds it."""

    body: dict[str, Any]
    start: datetime
    shown_from: datetime

    @property
    def uid(self) -> str:
        return str(self.body["uid"])

    @property
    def is_off(self) -> bool:
        return self.body["status"] in OFF


class Calendar:
    """All bookings, by key. Safe to use from many threads."""

    def __init__(self, now: Clock) -> None:
        self.now = now
        self._booked: dict[str, list[Booked]] = {}
        self._changing = threading.RLock()

    def free(self, key: str, start: datetime, end: datetime) -> list[datetime]:
        """The starts of the free slots between two moments."""
        taken = {booked.start for booked in self.booked(key) if not booked.is_off}
        earliest = max(start, self.now() + NOTICE)
        slot = earliest.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        found = []
        while slot <= end:
            if slot >= earliest and is_office_hour(slot) and slot not in taken:
                found.append(slot)
            slot += LENGTH
        return found

    def book(
        self,
        key: str,
        wanted: Mapping[str, Any],
        start: datetime,
        *,
        status: str,
        hidden_for: float = 0.0,
        **fields: Any,
    ) -> dict[str, Any] | None:
        """Book a slot; its body out, or None if it is not free. fields: what else it shows."""
        with self._changing:
            if any(b.start == start and not b.is_off for b in self._booked.get(key, [])):
                return None
            body = {**_body(wanted, start, status, self.now()), **fields}
            shown_from = self.now() + timedelta(seconds=hidden_for)
            self._booked.setdefault(key, []).append(Booked(body, start, shown_from))
        return body

    def change(self, key: str, uid: str, **fields: Any) -> dict[str, Any]:
        """Change what a booking shows; its body out. Raises KeyError if there is none."""
        with self._changing:
            found = self._booked.get(key, [])
            place = next((n for n, booked in enumerate(found) if booked.uid == uid), None)
            if place is None:
                raise KeyError(uid)
            body = {**found[place].body, "updatedAt": iso(self.now()), **fields}
            found[place] = replace(found[place], body=body)
        return body

    def find(self, key: str, uid: str) -> dict[str, Any] | None:
        """The body of a booking; None if the key has none of that uid."""
        return next((booked.body for booked in self.booked(key) if booked.uid == uid), None)

    def remove(self, key: str, uid: str) -> None:
        """Forget a booking, as where its account was deleted."""
        with self._changing:
            self._booked[key] = [b for b in self._booked.get(key, []) if b.uid != uid]

    def booked(self, key: str) -> list[Booked]:
        """Every booking of this key."""
        with self._changing:
            return list(self._booked.get(key, []))

    def listed(self, key: str) -> list[Booked]:
        """The bookings of this key that a list already holds."""
        return [booked for booked in self.booked(key) if booked.shown_from <= self.now()]


def is_office_hour(slot: datetime) -> bool:
    """Whether the host works at this moment (in UTC), and a slot begins."""
    on_the_half_hour = slot.minute in (0, 30) and not slot.second and not slot.microsecond
    return slot.weekday() < 5 and OPENS <= slot.time() < CLOSES and on_the_half_hour


def _body(wanted: Mapping[str, Any], start: datetime, status: str, now: datetime) -> dict[str, Any]:
    attendee = wanted["attendee"]
    responses = {"name": attendee["name"], "email": attendee.get("email")}
    uid = secrets.token_urlsafe(16)
    return {
        "id": secrets.randbelow(10**7),
        "uid": uid,
        "title": f"Consult between {HOST['name']} and {attendee['name']}",
        "status": status,
        "hosts": [HOST],
        "eventTypeId": wanted["eventTypeId"],
        "eventType": {"id": wanted["eventTypeId"], "slug": "consult"},
        "start": iso(start),
        "end": iso(start + LENGTH),
        "duration": LENGTH.seconds // 60,
        "createdAt": iso(now),
        "updatedAt": iso(now),
        "absentHost": False,
        "attendees": [{**attendee, "absent": False}],
        "bookingFieldsResponses": {**responses, **wanted.get("bookingFieldsResponses", {})},
        "metadata": wanted.get("metadata", {}),
        "icsUid": f"{uid}@Cal.com",
    }
