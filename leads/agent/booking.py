"""Appointments: free times are offered, one of them is booked, and never two.

Cal.com has no idempotency key. So the booking's row is made first, one for a lead; its id
goes along as `requestId`, and a booking whose answer was lost is looked up by it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from coachbot.db import clock, connections, leases
from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Unclear, limits
from coachbot.providers.calcom import client as calcom
from leads import status
from leads.agent.replies import Task
from leads.appointments import changes
from leads.appointments.standing import Standing
from leads.models import Booking, BookingStatus, StatusReason
from leads.models.conversations.booking import LONGEST_UID
from workspaces.connections import credentials
from workspaces.log import exchanges

# Who books is done by then: Vapi waits 20 seconds for a tool.
LEASE = timedelta(seconds=25)
# How long Cal.com may go on working at a request that it never answered, and its list lag.
CONCLUSIVE_AFTER = timedelta(seconds=120)
LOOK_UP_PAUSES = (0.5, 1.5, 2.5)
LOOK_UP_TIMEOUT = 4.0
MOST_AT_ONCE = 200
UNCERTAIN = "An appointment may have been booked; Cal.com did not confirm it:"
FAILED = "An appointment could not be booked. Call back to arrange one. Wanted:"


class HasAppointment(Exception):
    """The lead has an appointment. start: when."""

    def __init__(self, start: datetime):
        super().__init__("The lead has an appointment already.")
        self.start = start


class StillBooking(Exception):
    """Another request is booking for this lead, or did a moment ago."""


class BookingUncertain(Exception):
    """Nobody can say yet whether the booking was made; settle_bookings() finds out."""


def free_times(task: Task, *, days: int) -> list[datetime]:
    """Return the free times until the end of the day that many days ahead, in their zone.

    Raises NotConnected, CannotUnseal and ProviderError.
    """
    account = credentials.calcom_account(task.workspace_id)
    now = timezone.now()
    last_day = now.astimezone(account.zone) + timedelta(days=days)
    end = last_day.replace(hour=23, minute=59, second=59, microsecond=0)
    door, timeout = exchanges.door(task.workspace_id, lead_id=task.lead_id), _timeout(task)
    return calcom.free_slots(door, account, start=now, end=end, timeout=timeout)


def book_time(task: Task, wish: calcom.Appointment) -> calcom.Booking:
    """Book a time for a conversation's lead, who is `booked` then. wish: without a request_id.

    Raises HasAppointment, StillBooking and BookingUncertain; calcom.SlotTaken, EmailRefused and
    the other ProviderErrors, and then nothing is booked; NotConnected and CannotUnseal.
    """
    # Held over the pauses between look-ups too: these occupy a thread as well.
    with limits.CALCOM.hold(task.workspace_id):
        return _book(task, credentials.calcom_account(task.workspace_id), wish)


def _book(task: Task, account: calcom.Account, wish: calcom.Appointment) -> calcom.Booking:
    row = _open_booking(task, account, wish.start)
    wish = replace(wish, request_id=str(row.pk), lead_id=str(task.lead_id))
    try:
        made = _send(task, account, wish)
    except Unclear:
        return _look_up_patiently(row, account, task.deadline)
    except ProviderError:
        _open(row).delete()
        raise
    _confirm(row, made)
    return made


def _send(task: Task, account: calcom.Account, wish: calcom.Appointment) -> calcom.Booking:
    """Ask for a booking; again without the phone number where that is refused."""
    door = exchanges.door(task.workspace_id, lead_id=task.lead_id)
    try:
        return calcom.book(door, account, wish, timeout=_timeout(task))
    except calcom.PhoneRefused:
        if not wish.phone:
            raise
        return _send(task, account, replace(wish, phone=""))


def _open_booking(task: Task, account: calcom.Account, start: datetime) -> Booking:
    """Make the row of a booking under our lease; an earlier one that is open is settled."""
    for _ in range(2):
        try:
            return Booking.objects.create(
                lead_id=task.lead_id,
                conversation=task.conversation,
                call_id=task.call_id,
                start=start,
                lease_until=leases.until(LEASE),
                sent_at=clock.now(),
            )
        except IntegrityError:
            _clear_the_way(Booking.objects.filter(lead_id=task.lead_id).first(), account)
    raise StillBooking


def _clear_the_way(row: Booking | None, account: calcom.Account) -> None:
    """Return where a lead's booking row is gone or in the past; else raise what stands there."""
    if row is None:
        return
    if row.is_standing and row.start > timezone.now():
        raise HasAppointment(row.start)
    if row.status != BookingStatus.OPEN:
        changes.make_way(row)
        return
    if not _claim(row):
        raise StillBooking
    if made := _look_up(row, account):
        raise HasAppointment(made.start)


def _claim(row: Booking) -> bool:
    return leases.claim(_open(row), LEASE) is not None


def _open(row: Booking) -> QuerySet[Booking]:
    return Booking.objects.filter(pk=row.pk, status=BookingStatus.OPEN)


def _look_up_patiently(row: Booking, account: calcom.Account, deadline: Deadline) -> calcom.Booking:
    for pause in LOOK_UP_PAUSES:
        if not connections.pause(deadline, pause):
            break
        try:
            if made := _look_up(row, account):
                return made
        except BookingUncertain:
            continue  # the list may lag behind
    leases.release(_open(row))
    notes = f"{UNCERTAIN} {_utc(row.start)}"
    status.move(row.lead_id, StatusReason.BOOKING_UNCERTAIN, notes=notes)
    raise BookingUncertain


def _look_up(row: Booking, account: calcom.Account) -> calcom.Booking | None:
    """Look once for an open booking under our lease. Return it; None if it was not made.

    Raises BookingUncertain where that is still open.
    """
    looked_at = clock.now()
    try:
        found = calcom.find_booking(
            exchanges.door(row.lead.workspace_id, lead_id=row.lead_id),
            account,
            request_id=str(row.pk),
            start=row.start,
            timeout=LOOK_UP_TIMEOUT,
        )
    except ProviderError as error:
        raise BookingUncertain from error
    if found:
        _confirm(row, found)
        return found
    if looked_at < row.sent_at + CONCLUSIVE_AFTER or not clock.is_right():
        raise BookingUncertain
    _give_up(row)
    return None


def _confirm(row: Booking, made: calcom.Booking) -> None:
    """Write an appointment that is in the calendar, and that its lead is booked."""
    stands = BookingStatus.REQUESTED if made.is_pending else BookingStatus.MADE
    standing = Standing(stands, made.uid[:LONGEST_UID], made.start)
    changes.apply(_open(row), standing, lead_id=row.lead_id)


@transaction.atomic(durable=True)
def _give_up(row: Booking) -> None:
    """Remove the row of a booking that was not made, and say what is to be done now."""
    if _open(row).delete()[0]:
        notes = f"{FAILED} {_utc(row.start)}"
        status.move(row.lead_id, StatusReason.BOOKING_FAILED, notes=notes)


def settle_bookings() -> int:
    """Find out what became of bookings whose answer was lost. Return how many are known now.

    Safe at any time and from several processes at once: each row is claimed first.
    """
    settled = 0
    lost = leases.run_out(Booking.objects.filter(status=BookingStatus.OPEN))
    for row in lost.select_related("lead")[:MOST_AT_ONCE]:
        if not _claim(row):
            continue
        try:
            _look_up(row, credentials.calcom_account(row.lead.workspace_id))
            settled += 1
        except (BookingUncertain, credentials.NotConnected, credentials.CannotUnseal):
            continue  # the lease keeps the next look a while off
    return settled


def _timeout(task: Task) -> float:
    return min(settings.CALCOM_TIMEOUT, task.deadline.remaining() + 1)


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
