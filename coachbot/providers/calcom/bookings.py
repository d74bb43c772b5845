"""What has become of a booking: Cal.com's own word for it, by its uid and in a list.

docs/providers/calcom.md (section 8) has the facts this relies on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from urllib.parse import quote

from coachbot.providers import ProviderError, Refused
from coachbot.providers.calcom.asking import BOOKINGS_VERSION, LARGEST_PAGE, Account, ask, iso
from coachbot.providers.reading import fields, items, moment, text
from coachbot.providers.transport import Door

LONGEST_UID = 120
LONGEST_REASON = 300
# Without it the list holds upcoming ones only; rejected ones are among the cancelled.
EVERY_STATUS = "upcoming,unconfirmed,recurring,past,cancelled"
# What was changed while a list was being read is listed once more.
OVERLAP = timedelta(minutes=5)


class State(Enum):
    """Cal.com's word for where a booking stands."""

    ACCEPTED = "accepted"
    PENDING = "pending"  # the host has yet to confirm it
    CANCELLED = "cancelled"
    REJECTED = "rejected"


class NoSuchBooking(Refused):
    """Cal.com says that it holds no booking with the uid, or that this key may not see it."""


@dataclass(frozen=True)
class Snapshot:
    """A booking as Cal.com shows it now. Texts are "" where they are not known.

    from_uid, to_uid: of the booking that it was moved from, and to. ical_uid: stays when it is
    moved. request_id, lead_id: ours, of its metadata. is_moving: the host asked for another time.
    absent: the e-mail addresses of who did not come, in lower case. guests: how many were to.
    """

    uid: str
    state: State
    start: datetime
    from_uid: str = ""
    to_uid: str = ""
    ical_uid: str = ""
    request_id: str = ""
    lead_id: str = ""
    is_moving: bool = False
    absent: tuple[str, ...] = ()
    guests: int = 0
    is_host_absent: bool = False
    reason: str = ""
    by: str = ""
    updated_at: datetime | None = None

    @property
    def is_off(self) -> bool:
        return self.state in (State.CANCELLED, State.REJECTED)

    def was_missed_by(self, email: str) -> bool:
        """Return whether the guest did not come. email: of one among several, in any case."""
        return bool(self.absent) and (self.guests == 1 or email.lower() in self.absent)


def get_booking(door: Door, account: Account, uid: str, *, timeout: float) -> Snapshot:
    """Return a booking as it is now. Raises NoSuchBooking, and ProviderError."""
    path = f"/bookings/{quote(uid, safe='')}"
    try:
        answer = ask(
            *(door, account, "get_booking", path),
            version=BOOKINGS_VERSION,
            timeout=timeout,
            is_quiet=True,
        )
    except Refused as error:
        # A path that a version does not have is a 404, too: `Cannot GET /v2/bookings/...`.
        if error.status == 404 and "cannot get" not in error.response.lower():
            raise NoSuchBooking(str(error), status=404, response=error.response) from error
        raise
    data = answer.get("data")
    # A recurring event type answers with a list of bookings.
    found = _snapshot(data[0] if isinstance(data, list) and data else data)
    if found is None:
        raise ProviderError("Cal.com /bookings answered a booking that cannot be read.")
    return found


def changed_bookings(
    door: Door, account: Account, *, since: datetime, skip: int, timeout: float
) -> tuple[list[Snapshot], bool]:
    """Return those of the event type's bookings that were changed since, the earliest change
    first, and whether there are more. skip: how many to leave out.

    Those that cannot be read are left out: each is asked for by its uid as well. Raises
    ProviderError.
    """
    params = {
        "eventTypeId": account.event_type_id,
        "afterUpdatedAt": iso(since - OVERLAP),
        "status": EVERY_STATUS,
        "sortUpdatedAt": "asc",
        "take": LARGEST_PAGE,
        "skip": skip,
    }
    answer = ask(
        *(door, account, "list_bookings", "/bookings"),
        version=BOOKINGS_VERSION,
        timeout=timeout,
        params=params,
        is_quiet=True,
    )
    listed = answer.get("data")
    if not isinstance(listed, list):
        raise ProviderError("Cal.com /bookings answered something other than a list.")
    read = [found for item in listed if (found := _snapshot(item))]
    return read, bool(fields(answer.get("pagination")).get("hasNextPage"))


def _snapshot(data: Any) -> Snapshot | None:
    """Return what can be read of a booking; None where the least is missing."""
    found = fields(data)
    uid, start = text(found.get("uid")), moment(found.get("start"))
    try:
        state = State(text(found.get("status")).lower())
    except ValueError:
        return None
    if not uid or len(uid) > LONGEST_UID or start is None:
        return None
    metadata, guests = fields(found.get("metadata")), _guests(found)
    return Snapshot(
        uid=uid,
        state=state,
        start=start,
        from_uid=_uid(found, "rescheduledFromUid"),
        to_uid=_uid(found, "rescheduledToUid"),
        ical_uid=text(found.get("icsUid") or found.get("iCalUID"))[:LONGEST_UID],
        request_id=text(metadata.get("requestId")),
        lead_id=text(metadata.get("leadId")),
        is_moving=found.get("rescheduled") is True,
        absent=tuple(text(g.get("email")).lower() for g in guests if g.get("absent") is True),
        guests=len(guests),
        is_host_absent=found.get("absentHost") is True,
        reason=text(found.get("cancellationReason"))[:LONGEST_REASON],
        by=text(found.get("cancelledByEmail"))[:LONGEST_REASON],
        updated_at=moment(found.get("updatedAt")),
    )


def _guests(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [fields(guest) for guest in items(found.get("attendees"))]


def _uid(found: Mapping[str, Any], name: str) -> str:
    uid = text(found.get(name))
    return uid if len(uid) <= LONGEST_UID else ""
