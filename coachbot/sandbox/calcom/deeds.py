"""What hosts and guests do with a booking: each changes the calendar, and is told of.

By Cal.com's own API where it has a call for it, and by the sandbox's page for all of them.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from coachbot.sandbox.calcom import event_types
from coachbot.sandbox.calcom.calendar import HOST, LENGTH, Calendar
from coachbot.sandbox.calcom.telling import Teller
from coachbot.sandbox.clock import moment_of


class CannotBeDone(Exception):
    """The booking does not stand so that this can be done with it; `str()` says why."""


class Deeds:
    """What can be done with the bookings of a key."""

    def __init__(self, calendar: Calendar, teller: Teller) -> None:
        self.calendar, self.teller = calendar, teller

    def do(self, deed: str, key: str, uid: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """Do a deed by its name in BY_NAME; the booking's body out.

        said: what goes with it. Raises CannotBeDone, and KeyError without such a booking.
        """
        booking = self.calendar.find(key, uid)
        if booking is None:
            raise KeyError(uid)
        return BY_NAME[deed](self, key, booking, said)

    def made(self, key: str, booking: dict[str, Any]) -> None:
        """Tell of a booking that was made."""
        is_pending = booking["status"] == "pending"
        self.teller.tell(key, "BOOKING_REQUESTED" if is_pending else "BOOKING_CREATED", booking)

    def cancel(self, key: str, booking: dict, said: Mapping) -> dict:
        """The guest, or the host, calls it off."""
        return self._call_off(key, booking, said, is_moving=False)

    def ask_to_move(self, key: str, booking: dict, said: Mapping) -> dict:
        """The host asks for another time: Cal.com says that it is cancelled."""
        return self._call_off(key, booking, said, is_moving=True)

    def _call_off(self, key: str, booking: dict, said: Mapping, *, is_moving: bool) -> dict:
        if booking["status"] == "cancelled":
            raise CannotBeDone("The booking has been cancelled already")
        reason = str(said.get("cancellationReason") or said.get("reason") or "")
        by = HOST["email"] if is_moving else str(said.get("by") or "jane@sandbox.invalid")
        fields = {"cancellationReason": reason, "cancelledByEmail": by}
        body = self.calendar.change(key, booking["uid"], status="cancelled", **fields)
        self.teller.tell(
            key,
            "BOOKING_CANCELLED",
            body,
            cancellationReason=reason,
            cancelledBy=by,
            requestReschedule=is_moving,
        )
        return body

    def move(self, key: str, booking: dict, said: Mapping) -> dict:
        """Another time is chosen: a booking of its own, in the place of this one."""
        start = self._start(key, booking, said)
        event_type = event_types.choose(str(booking["eventTypeId"]))
        is_told_late = not event_type.names_successor
        made = self.calendar.book(
            key,
            {**booking, "attendee": _attendee(booking)},
            start,
            status="pending" if is_told_late else event_type.status,
            rescheduledFromUid=booking["uid"],
            icsUid=booking["icsUid"],
        )
        if made is None:
            raise CannotBeDone("User either already has booking at this time or is not available")
        named = {"rescheduledToUid": made["uid"]} if event_type.names_successor else {}
        self.calendar.change(key, booking["uid"], status="cancelled", **named)
        told = {
            "rescheduleUid": booking["uid"],
            "rescheduleId": booking["id"],
            "rescheduleStartTime": booking["start"],
            "rescheduleEndTime": booking["end"],
            "iCalSequence": 1,
        }
        if not is_told_late:
            self.teller.tell(key, "BOOKING_RESCHEDULED", made, **told)
            return made
        self.teller.tell(key, "BOOKING_REQUESTED", made, **told)
        confirmed = self.calendar.change(key, made["uid"], status="accepted")
        self.teller.tell(key, "BOOKING_CREATED", confirmed, **told)
        return confirmed

    def _start(self, key: str, booking: dict, said: Mapping) -> datetime:
        """The time that is said, else the next one that is free."""
        if said.get("start"):
            return moment_of(str(said["start"]))
        begin = max(moment_of(booking["start"]), self.calendar.now()) + LENGTH
        return self.calendar.free(key, begin, begin + 200 * LENGTH)[0]

    def confirm(self, key: str, booking: dict, said: Mapping) -> dict:
        """The host confirms a request."""
        body = self.calendar.change(key, booking["uid"], status="accepted")
        self.teller.tell(key, "BOOKING_CREATED", body)
        return body

    def reject(self, key: str, booking: dict, said: Mapping) -> dict:
        """The host declines a request."""
        reason = str(said.get("reason") or "")
        fields = {"status": "rejected", "rejectionReason": reason}
        body = self.calendar.change(key, booking["uid"], **fields)
        self.teller.tell(key, "BOOKING_REJECTED", body, rejectionReason=reason)
        return body

    def miss(self, key: str, booking: dict, said: Mapping) -> dict:
        """The guest is marked as one who did not come."""
        return self._mark(key, booking, is_absent=True)

    def unmiss(self, key: str, booking: dict, said: Mapping) -> dict:
        """The mark is taken off again."""
        return self._mark(key, booking, is_absent=False)

    def _mark(self, key: str, booking: dict, *, is_absent: bool) -> dict:
        guests = [{**guest, "absent": is_absent} for guest in booking["attendees"]]
        # Cal.com marks the guest, so the booking itself was not changed.
        same = booking["updatedAt"]
        body = self.calendar.change(key, booking["uid"], attendees=guests, updatedAt=same)
        told = [{"email": guest.get("email"), "noShow": is_absent} for guest in guests]
        self.teller.tell(key, "BOOKING_NO_SHOW_UPDATED", body, attendees=told)
        return body

    def end(self, key: str, booking: dict, said: Mapping) -> dict:
        """The planned end has come: a flat event."""
        self.teller.tell(key, "MEETING_ENDED", booking)
        return booking

    def forget(self, key: str, booking: dict, said: Mapping) -> dict:
        """Cal.com does not hold it any more, and tells nobody."""
        self.calendar.remove(key, booking["uid"])
        return booking


def _attendee(booking: Mapping[str, Any]) -> dict[str, Any]:
    guest = dict(booking["attendees"][0])
    guest.pop("absent", None)
    return guest


BY_NAME: dict[str, Callable[..., dict[str, Any]]] = {
    "cancel": Deeds.cancel,
    "ask_to_move": Deeds.ask_to_move,
    "move": Deeds.move,
    "confirm": Deeds.confirm,
    "reject": Deeds.reject,
    "miss": Deeds.miss,
    "unmiss": Deeds.unmiss,
    "end": Deeds.end,
    "forget": Deeds.forget,
}
