"""What Cal.com tells of bookings: kept as it comes in, and looked into by the worker.

A hint names a booking. Nothing else of it is believed but that a host asked for another time,
which Cal.com shows nowhere else.
"""

import logging
import uuid
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from coachbot import backoff
from coachbot.db import clock, leases
from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Refused
from coachbot.providers.calcom.events import Hint
from leads.appointments import lookups
from leads.models import Booking, BookingHint, Lead

logger = logging.getLogger(__name__)

# A hint that is older is a replay, as it carries no signed time of its own; the sweep finds what
# it may have told.
OLDEST = timedelta(days=1)
KEPT = timedelta(days=2)
LEASE = timedelta(minutes=3)
MOST_AT_ONCE = 50
ROUND_SECONDS = 20.0
# Who looks at it, or is making it, is done by then.
BUSY_PAUSE = timedelta(seconds=2)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=10)
# So many failures one after the other, and Cal.com is left alone until the next round.
MOST_FAILURES = 3


def receive(workspace_id: int, hint: Hint) -> bool:
    """Keep a hint, if it is news about a booking of one of the workspace's leads.

    Return whether it is. One of a booking that is not ours leaves nothing behind.
    """
    if hint.at and abs(clock.now() - hint.at) > OLDEST:
        return False
    named_booking, named_lead = _uuid(hint.request_id), _uuid(hint.lead_id)
    row = BookingHint(
        workspace_id=workspace_id,
        digest=hint.digest,
        trigger=hint.trigger,
        uid=hint.uid,
        reschedule_uid=hint.reschedule_uid,
        ical_uid=hint.ical_uid,
        named_booking=named_booking,
        named_lead=named_lead,
        asks_to_move=hint.asks_to_move,
        due_at=clock.now(),
    )
    if not (hint.uid and (_booking_of(row) or _lead_of(row))):
        return False
    # Of several deliveries at once one is kept.
    before = BookingHint.objects.filter(workspace=workspace_id, digest=hint.digest)
    if before.exists():
        return False
    BookingHint.objects.bulk_create([row], ignore_conflicts=True)
    return True


def settle() -> int:
    """Look into the hints that are due. Return how many are done with.

    Safe at any time and from several processes at once: each hint is claimed first.
    """
    done, failures, deadline = 0, 0, Deadline(ROUND_SECONDS)
    due = leases.run_out(BookingHint.objects.filter(due_at__lte=Now()))
    for hint in due.order_by("due_at", "pk")[:MOST_AT_ONCE]:
        if failures >= MOST_FAILURES or not deadline.remaining():
            break
        if not leases.claim(BookingHint.objects.filter(pk=hint.pk, due_at__lte=Now()), LEASE):
            continue
        try:
            _look_into(hint)
        except lookups.BeingLookedAt:
            _put_off(hint, BUSY_PAUSE, is_failure=False)
            continue
        except ProviderError as error:
            failures += not isinstance(error, Refused)
            _put_off(hint, backoff.pause(hint.tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE))
            continue
        except lookups.NO_ACCOUNT:
            logger.info("Hint %s: no account to look it up with", hint.pk)
        BookingHint.objects.filter(pk=hint.pk).update(due_at=None, lease_until=None)
        done += 1
    return done


def _look_into(hint: BookingHint) -> None:
    booking, lead = _booking_of(hint), _lead_of(hint)
    if booking:
        if hint.asks_to_move:
            Booking.objects.filter(pk=booking.pk).update(moving_uid=hint.uid)
        lookups.look(booking, lookups.Heard(hint.uid, hint.reschedule_uid))
    elif lead:
        lookups.adopt(lead, hint.uid)


def _booking_of(hint: BookingHint) -> Booking | None:
    """Return the appointment that a hint is about: the one in whose place it is, itself, by what
    stays when it is moved, or by what we sent along.
    """
    of_workspace = Booking.objects.filter(lead__workspace=hint.workspace_id)
    ways = (
        Q(uid=hint.reschedule_uid) if hint.reschedule_uid else None,
        Q(uid=hint.uid) if hint.uid else None,
        Q(ical_uid=hint.ical_uid) if hint.ical_uid else None,
        Q(pk=hint.named_booking) if hint.named_booking else None,
        Q(lead=hint.named_lead) if hint.named_lead else None,
    )
    found = (of_workspace.filter(way).first() for way in ways if way)
    return next((booking for booking in found if booking), None)


def _lead_of(hint: BookingHint) -> Lead | None:
    if hint.named_lead is None:
        return None
    return Lead.objects.filter(workspace=hint.workspace_id, pk=hint.named_lead).first()


def _put_off(hint: BookingHint, pause: timedelta, *, is_failure: bool = True) -> None:
    rows = BookingHint.objects.filter(pk=hint.pk)
    # Until then the sweep has found what it told.
    is_old = hint.created_at < timezone.now() - OLDEST
    due_at: datetime | None = None if is_old else leases.until(pause)
    rows.update(due_at=due_at, lease_until=None, tries=F("tries") + int(is_failure))


def forget_old() -> int:
    """Delete the hints whose repetitions are refused by their age. Return how many."""
    old = BookingHint.objects.filter(created_at__lt=clock.now() - KEPT)
    return old.delete()[0]


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
