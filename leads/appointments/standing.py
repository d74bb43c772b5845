"""Where an appointment stands by what Cal.com shows of it. Plain values, and nothing is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from coachbot.providers.calcom.bookings import Snapshot, State
from leads.models import STANDING, BookingStatus, StatusReason
from leads.models.conversations.booking import LONGEST_NOTE

REASONS = {
    BookingStatus.REQUESTED: StatusReason.APPOINTMENT_MADE,
    BookingStatus.MADE: StatusReason.APPOINTMENT_MADE,
    BookingStatus.TO_BE_MOVED: StatusReason.APPOINTMENT_TO_MOVE,
    BookingStatus.CANCELLED: StatusReason.APPOINTMENT_CANCELLED,
    BookingStatus.REJECTED: StatusReason.APPOINTMENT_REJECTED,
    BookingStatus.NO_SHOW: StatusReason.NO_SHOW,
}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Hosts say days later who did not come, and a new time takes as long to be chosen.
LOOKED_AFTER_START, LOOKED_AFTER_CHANGE = 3 * DAY, 14 * DAY


@dataclass(frozen=True)
class Standing:
    """What is to be written of an appointment. note: who called it off, and why."""

    status: BookingStatus
    uid: str
    start: datetime
    ical_uid: str = ""
    note: str = ""

    @property
    def is_standing(self) -> bool:
        return self.status in STANDING

    @property
    def has_time(self) -> bool:
        """Return whether there is, or was, an appointment at `start`."""
        return self.is_standing or self.status == BookingStatus.NO_SHOW

    @property
    def reason(self) -> StatusReason:
        return REASONS[self.status]


def read(found: Snapshot, *, moving_uid: str, email: str) -> Standing:
    """Return where an appointment stands.

    moving_uid: the booking of which a webhook said that the host asks for another time. email:
    the lead's, by which the guest is known among several.
    """
    status, note = _status(found, moving_uid, email), ""
    if found.is_off:
        by = f" by {found.by}" if found.by else ""
        note = f"{by}: {found.reason}" if found.reason else by
    elif found.is_host_absent:
        note = "host"
    return Standing(status, found.uid, found.start, found.ical_uid, note[:LONGEST_NOTE])


def _status(found: Snapshot, moving_uid: str, email: str) -> BookingStatus:
    match found.state:
        case State.PENDING:
            return BookingStatus.REQUESTED
        case State.REJECTED:
            return BookingStatus.REJECTED
        case State.CANCELLED:
            is_moving = found.is_moving or found.uid == moving_uid
            return BookingStatus.TO_BE_MOVED if is_moving else BookingStatus.CANCELLED
    is_missed = found.is_host_absent or found.was_missed_by(email)
    return BookingStatus.NO_SHOW if is_missed else BookingStatus.MADE


def sentence(standing: Standing, *, was: datetime) -> str:
    """Return what is told to people of an appointment that does not stand; "" of one that does.

    was: when it was to begin. In UTC, as the text goes to callers of the API, too.
    """
    when = f"{was:%Y-%m-%d %H:%M} UTC"
    match standing.status:
        case BookingStatus.CANCELLED:
            return _ended(f"The appointment on {when} was cancelled{standing.note}")
        case BookingStatus.REJECTED:
            return _ended(f"The host did not confirm the appointment on {when}{standing.note}")
        case BookingStatus.TO_BE_MOVED:
            return _ended(f"The host asked for another time than {when}{standing.note}")
        case BookingStatus.NO_SHOW if standing.note:
            return f"The host did not come to the appointment on {when}."
        case BookingStatus.NO_SHOW:
            return f"The lead did not come to the appointment on {when}."
    return ""


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def next_look(standing: Standing, *, changed_at: datetime, now: datetime) -> datetime | None:
    """Return when Cal.com is to be asked again, whatever it tells; None where all is over."""
    if not standing.has_time:
        return now + DAY if now < changed_at + LOOKED_AFTER_CHANGE else None
    until_start = standing.start - now
    if until_start > DAY:
        return now + min(DAY, until_start - DAY)
    if until_start > timedelta(0):
        return now + HOUR
    if now < standing.start + DAY:
        return now + 3 * HOUR
    return now + DAY if now < standing.start + LOOKED_AFTER_START else None
