"""Finding what no webhook told: appointments are looked up near their time, and every hour the
changes that Cal.com lists are gone through.
"""

import hashlib
import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from coachbot import backoff
from coachbot.db import clock, leases
from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Refused
from coachbot.providers.calcom.bookings import Snapshot, State, changed_bookings
from coachbot.providers.calcom.events import Hint
from leads.appointments import hints, lookups
from leads.models import Booking, BookingStatus, CalendarSweep
from workspaces.connections import credentials
from workspaces.log import exchanges
from workspaces.models import CredentialKind, Workspace

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 50
ROUND_SECONDS = 30.0
TIMEOUT = 8.0
EVERY = timedelta(hours=1)
LEASE = timedelta(minutes=3)
# Of a workspace's first list, and of one that could not be read for longer.
FURTHEST_BACK = timedelta(days=7)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
MOST_PAGES = 5
MOST_FAILURES = 3
TRIGGER = "LISTED"
# As which of Cal.com's states an appointment is known; of the others it has to be asked.
KNOWN_AS = {
    BookingStatus.MADE: (State.ACCEPTED,),
    BookingStatus.REQUESTED: (State.PENDING,),
    BookingStatus.CANCELLED: (State.CANCELLED,),
    BookingStatus.TO_BE_MOVED: (State.CANCELLED,),
    BookingStatus.REJECTED: (State.REJECTED,),
}


def look_at_due() -> int:
    """Look up the appointments that are due. Return how many were.

    Safe at any time and from several processes at once: each is claimed first.
    """
    looked, failures, deadline = 0, 0, Deadline(ROUND_SECONDS)
    due = leases.run_out(Booking.objects.filter(look_at__lte=Now()))
    due = due.exclude(status=BookingStatus.OPEN).order_by("look_at", "pk")
    for booking in due[:MOST_AT_ONCE]:
        if failures >= MOST_FAILURES or not deadline.remaining():
            break
        try:
            lookups.look(booking)
            looked += 1
        except lookups.BeingLookedAt:
            continue
        except ProviderError as error:
            failures += not isinstance(error, Refused)
        except lookups.NO_ACCOUNT:
            continue
    return looked


def read_changes() -> int:
    """Go through the lists of changed bookings that are due. Return how many hints came of it.

    Safe at any time and from several processes at once: each list is claimed first.
    """
    _begin_new_ones()
    found, failures, deadline = 0, 0, Deadline(ROUND_SECONDS)
    due = leases.run_out(CalendarSweep.objects.filter(due_at__lte=Now()))
    for sweep in due.select_related("workspace").order_by("due_at")[:MOST_AT_ONCE]:
        if failures >= MOST_FAILURES or not deadline.remaining():
            break
        rows = CalendarSweep.objects.filter(pk=sweep.pk, due_at__lte=Now())
        lease = leases.claim(rows, LEASE)
        if lease is None:
            continue
        held = leases.held(CalendarSweep.objects.filter(pk=sweep.pk), lease)
        try:
            found += _read(sweep, held, deadline)
        except ProviderError as error:
            failures += not isinstance(error, Refused)
            pause = backoff.pause(sweep.tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
            held.update(due_at=leases.until(pause), lease_until=None, tries=F("tries") + 1)
        except lookups.NO_ACCOUNT:
            held.delete()  # begun anew with the next account
    return found


def _begin_new_ones() -> None:
    """Have the list read of every workspace that has a calendar."""
    has_calendar = credentials.is_stored(CredentialKind.CALCOM, "pk")
    wanting = Workspace.objects.filter(has_calendar, calendar_sweep=None)
    now = clock.now()
    begun = [CalendarSweep(workspace=w, read_to=now - FURTHEST_BACK, due_at=now) for w in wanting]
    CalendarSweep.objects.bulk_create(begun, ignore_conflicts=True)


def _read(sweep: CalendarSweep, held: QuerySet[CalendarSweep], deadline: Deadline) -> int:
    """Read the list from where it was read to. Return how many hints came of it."""
    account = credentials.calcom_account(sweep.workspace_id)
    door, began_at, found = exchanges.door(sweep.workspace_id), clock.now(), 0
    read_to = max(sweep.read_to, began_at - FURTHEST_BACK)
    reached, has_more = read_to, True
    for page in range(MOST_PAGES):
        listed, has_more = changed_bookings(
            door,
            account,
            since=read_to,
            skip=page * 100,
            timeout=min(TIMEOUT, settings.CALCOM_TIMEOUT, deadline.remaining()),
        )
        found += sum(_hint(sweep.workspace_id, one) for one in listed)
        reached = max([reached, *(one.updated_at for one in listed if one.updated_at)])
        if not has_more:
            break
    # What does not fit into one round is read in the next; where it does not move on, in an hour.
    is_read = not has_more or reached <= read_to
    held.update(
        read_to=began_at if is_read else reached,
        due_at=leases.until(EVERY) if is_read else Now(),
        lease_until=None,
        tries=0,
    )
    return found


def _hint(workspace_id: int, listed: Snapshot) -> bool:
    """Make a hint of a booking that is listed otherwise than it is known here."""
    if _is_known(workspace_id, listed):
        return False
    seen = repr((TRIGGER, listed))
    return hints.receive(
        workspace_id,
        Hint(
            digest=hashlib.sha256(seen.encode()).hexdigest(),
            trigger=TRIGGER,
            uid=listed.uid,
            reschedule_uid=listed.from_uid,
            ical_uid=listed.ical_uid,
            request_id=listed.request_id,
            lead_id=listed.lead_id,
        ),
    )


def _is_known(workspace_id: int, listed: Snapshot) -> bool:
    """Return whether nothing about a listed booking is news."""
    if listed.absent or listed.is_host_absent or listed.to_uid:
        return False
    states = [ours for ours, theirs in KNOWN_AS.items() if listed.state in theirs]
    known = Booking.objects.filter(
        Q(uid=listed.uid, start=listed.start, status__in=states),
        lead__workspace=workspace_id,
    )
    return known.exists()
