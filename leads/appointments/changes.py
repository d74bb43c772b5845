"""The only writer of where an appointment stands: its row, its lead and the log, all from one."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from coachbot.db import clock
from leads import events, notices, status
from leads.appointments.standing import Standing, next_look, sentence
from leads.contact.planned import steps
from leads.models import Booking, BookingStatus, Lead
from workspaces.log import record
from workspaces.models import LogKind, Outcome

WORDS = {
    BookingStatus.REQUESTED: "Appointment requested",
    BookingStatus.MADE: "Appointment booked",
    BookingStatus.TO_BE_MOVED: "Another time asked for",
    BookingStatus.CANCELLED: "Appointment cancelled",
    BookingStatus.REJECTED: "Appointment not confirmed",
    BookingStatus.NO_SHOW: "Appointment missed",
}
MOVED = "calcom.booking_moved"


@dataclass(frozen=True)
class Change:
    """What was known of an appointment before it changed."""

    lead: Lead
    old_status: str
    old_uid: str
    old_start: datetime

    def is_told_by_who_booked(self, standing: Standing) -> bool:
        return self.old_status == BookingStatus.OPEN and standing.is_standing


def apply(rows: QuerySet[Booking], standing: Standing, *, lead_id: uuid.UUID) -> None:
    """Write where a lead's appointment stands, if that is news.

    rows: its row, as long as it is ours to write. Where it is gone, one is made for an
    appointment that stands, unless the lead has another.
    """
    change = _write(rows, standing, lead_id)
    if change and not change.is_told_by_who_booked(standing):
        _log(change, standing)


@transaction.atomic(durable=True)
def _write(rows: QuerySet[Booking], standing: Standing, lead_id: uuid.UUID) -> Change | None:
    # The lead first, as erasing and the events of calls do.
    lead = Lead.objects.select_for_update().filter(pk=lead_id).first()
    if lead is None:
        return None
    row = rows.select_for_update().filter(lead=lead).first()
    if row is None:
        if not standing.is_standing or Booking.objects.filter(lead=lead).exists():
            return None
        row = Booking(lead=lead, start=standing.start, lease_until=clock.now())
        row.sent_at = clock.now()
    change = Change(lead, row.status, row.uid, row.start)
    is_news = (row.status, row.uid, row.start) != (standing.status, standing.uid, standing.start)
    _fill(row, standing, is_news=is_news)
    row.save()
    if is_news:
        _write_lead(lead, standing, was=change.old_start)
        if change.old_uid:
            events.booking_changed(lead, row, was=change.old_start)
        _tell(change, standing)
    return change if is_news else None


def _fill(row: Booking, standing: Standing, *, is_news: bool) -> None:
    now = clock.now()
    if is_news:
        row.changed_at = now
    if row.uid and standing.has_time and row.start != standing.start:
        row.former_start = row.start
    row.status, row.uid, row.start = standing.status, standing.uid, standing.start
    row.ical_uid = standing.ical_uid or row.ical_uid
    row.note, row.tries, row.lease_until = standing.note, 0, now
    row.look_at = next_look(standing, changed_at=row.changed_at or now, now=now)


def _write_lead(lead: Lead, standing: Standing, *, was: datetime) -> None:
    """Let the lead follow."""
    Lead.objects.filter(pk=lead.pk).update(
        booking_uid=standing.uid if standing.has_time else "",
        booking_start=standing.start if standing.has_time else None,
        updated_at=timezone.now(),
    )
    status.move(lead.pk, standing.reason, notes=sentence(standing, was=was))
    if standing.is_standing:
        steps.drop(lead)


def _tell(change: Change, standing: Standing) -> None:
    """Have people told of an appointment that stands; one that does not needs a person."""
    if standing.is_standing:
        notices.booking_changed(
            *(change.lead, standing.uid, standing.start),
            old_status=change.old_status,
            old_start=change.old_start if change.old_uid else None,
        )


def _log(change: Change, standing: Standing) -> None:
    is_moved = standing.is_standing and change.old_uid and change.old_start != standing.start
    record.row(
        workspace_id=change.lead.workspace_id,
        kind=LogKind.PROVIDER_EVENT,
        code=MOVED if is_moved else f"calcom.booking_{standing.status}",
        action="Appointment moved" if is_moved else WORDS[standing.status],
        outcome=Outcome.SUCCEEDED,
        lead_id=change.lead.pk,
        request={"uid": change.old_uid or None, "status": change.old_status},
        response={
            "uid": standing.uid,
            "status": standing.status,
            "start": standing.start.isoformat(),
            "was": change.old_start.isoformat() if change.old_uid else None,
        },
    )


def make_way(booking: Booking) -> None:
    """Remove the row of an appointment that is over or does not stand, for another one."""
    rows = Booking.objects.filter(pk=booking.pk, status=booking.status, uid=booking.uid)
    rows.exclude(status=BookingStatus.OPEN).delete()
