"""Asking Cal.com where one appointment stands, and writing it down."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from coachbot import backoff
from coachbot.db import leases
from coachbot.providers import ProviderError
from coachbot.providers.calcom.asking import Account
from coachbot.providers.calcom.bookings import NoSuchBooking, Snapshot, State, get_booking
from coachbot.providers.transport import Door
from coachbot.sealing import CannotUnseal
from leads.appointments import changes, standing
from leads.models import Booking, BookingStatus, Lead
from workspaces.connections import credentials
from workspaces.log import exchanges
from workspaces.models import CredentialKind

logger = logging.getLogger(__name__)

TIMEOUT = 8.0
# Longer than it takes to follow a booking that was moved again and again.
LEASE = timedelta(seconds=120)
MOST_MOVES = 10
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
NOT_CONNECTED_PAUSE = timedelta(days=1)
# So often Cal.com has to say that it holds no such booking before it is taken at its word.
BELIEVED_AFTER = 3
NO_ACCOUNT = (credentials.NotConnected, CannotUnseal)


class BeingLookedAt(Exception):
    """Somebody else looks at the appointment, or is making it."""


@dataclass(frozen=True)
class Heard:
    """A booking that was heard of. follows: the one in whose place a webhook says that it is."""

    uid: str
    follows: str = ""


def look(booking: Booking, *heard: Heard) -> None:
    """Find out where an appointment stands, and write it.

    heard: bookings that may be in its place by now. Raises BeingLookedAt, and NotConnected,
    CannotUnseal and ProviderError after which it is looked at again later.
    """
    rows = Booking.objects.filter(pk=booking.pk)
    lease = leases.claim(rows, LEASE)
    if lease is None:
        raise BeingLookedAt
    held = leases.held(rows, lease)
    row = held.select_related("lead").first()
    if row is None:
        return  # erased meanwhile
    try:
        found = _find(row, heard)
    except NoSuchBooking as error:
        _note_missing(row, held, error)
    except (ProviderError, *NO_ACCOUNT) as error:
        _put_off(row, held, error)
        raise
    else:
        if found is None:  # of one that was not made yet nothing is known
            held.update(lease_until=timezone.now())
            return
        _apply(row.lead, held, found, moving_uid=row.moving_uid)


def adopt(lead: Lead, uid: str) -> None:
    """Take in a booking that was made by hand, where it names the lead.

    Raises NotConnected, CannotUnseal and ProviderError.
    """
    account = credentials.calcom_account(lead.workspace_id)
    chain = _Chain(exchanges.door(lead.workspace_id, lead_id=lead.pk), account)
    found = chain.follow(uid)
    if found.is_off or found.lead_id.lower() != str(lead.pk):
        return
    _apply(lead, Booking.objects.none(), found, moving_uid="")


def _apply(lead: Lead, rows: QuerySet[Booking], found: Snapshot, *, moving_uid: str) -> None:
    read = standing.read(found, moving_uid=moving_uid, email=_email(lead))
    changes.apply(rows, read, lead_id=lead.pk)


def _email(lead: Lead) -> str:
    return str(lead.profile.get("email") or lead.email)


@dataclass
class _Chain:
    """Bookings that are asked for one after the other, each once."""

    door: Door
    account: Account
    seen: list[str] = field(default_factory=list)

    def follow(self, uid: str) -> Snapshot:
        """Return a booking, or the last of those in whose place it was moved."""
        found = self._get(uid)
        while found.is_off and found.to_uid and found.to_uid not in self.seen:
            if len(self.seen) >= MOST_MOVES:
                break
            found = self._get(found.to_uid)
        return found

    def _get(self, uid: str) -> Snapshot:
        self.seen.append(uid)
        timeout = min(TIMEOUT, settings.CALCOM_TIMEOUT)
        return get_booking(self.door, self.account, uid, timeout=timeout)


def _find(row: Booking, heard: tuple[Heard, ...]) -> Snapshot | None:
    """Return the booking that is a row's appointment now; None where it has none yet."""
    lead = row.lead
    account = credentials.calcom_account(lead.workspace_id)
    chain = _Chain(exchanges.door(lead.workspace_id, lead_id=lead.pk), account)
    found, missing = None, None
    if row.uid:
        try:
            found = chain.follow(row.uid)
        except NoSuchBooking as error:
            missing = error
    for other in _others(chain, heard):
        link = _link(row, other, heard)
        if link and (found is None or _comes_after(other, found, link)):
            found = other
    if found is None and missing:
        raise missing
    return found


def _others(chain: _Chain, heard: tuple[Heard, ...]) -> Iterator[Snapshot]:
    """Yield the bookings that were heard of and were not come across yet."""
    for told in heard:
        if told.uid and told.uid not in chain.seen:
            try:
                yield chain.follow(told.uid)
            except NoSuchBooking:
                continue


DIRECT, KINDRED, SAME_LEAD = "direct", "kindred", "same lead"


def _link(row: Booking, other: Snapshot, heard: tuple[Heard, ...]) -> str:
    """Return how a booking is one with a row's appointment; "" where it is not."""
    told = any(h.uid == other.uid and row.uid and h.follows == row.uid for h in heard)
    if told or (row.uid and other.from_uid == row.uid):
        return DIRECT
    if row.ical_uid and other.ical_uid == row.ical_uid:
        return KINDRED
    named = (other.request_id.lower(), other.lead_id.lower())
    is_named = named[0] == str(row.pk) or named[1] == str(row.lead_id)
    return SAME_LEAD if is_named else ""


def _comes_after(other: Snapshot, found: Snapshot, link: str) -> bool:
    """Return whether one booking is in the place of another, whichever was heard of first."""
    if link == DIRECT:
        return True
    if other.is_off:
        return False  # one that was moved on from may still be told of
    if link == KINDRED or found.is_off:
        return True
    return found.start < timezone.now()  # a second appointment, once the first is over


def _note_missing(row: Booking, held: QuerySet[Booking], error: NoSuchBooking) -> None:
    """Take an appointment for cancelled that Cal.com holds no longer, once it says so again and
    again, to the account that made it.
    """
    since = credentials.changed_at(row.lead.workspace_id, CredentialKind.CALCOM)
    is_same_account = since is not None and since <= row.sent_at
    if row.tries + 1 < BELIEVED_AFTER or not is_same_account or row.status == BookingStatus.OPEN:
        _put_off(row, held, error)
        return
    gone = Snapshot(row.uid, State.CANCELLED, row.start, reason="Cal.com holds it no longer.")
    _apply(row.lead, held, gone, moving_uid="")


def _put_off(row: Booking, held: QuerySet[Booking], error: Exception) -> None:
    """Give a row back, to be looked at again after a pause."""
    logger.info("Booking %s was not looked up: %s", row.pk, type(error).__name__)
    is_off = isinstance(error, NO_ACCOUNT)
    pause = backoff.pause(row.tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
    later = leases.until(NOT_CONNECTED_PAUSE if is_off else pause)
    look_at = {} if row.status == BookingStatus.OPEN else {"look_at": later}
    held.update(lease_until=timezone.now(), tries=F("tries") + int(not is_off), **look_at)
