"""The only writer of a lead's status: what may follow what, and why.

Each reason stands for one step. An event or a tool call only raises a lead (new,
in_conversation, unqualified, booked, needs_human) and never undoes what was set above it; the
ways back are NOT_REACHED, and the appointment that a person was wanted for. Operators may set
what they like.
"""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from leads import events, notices
from leads.contact.planned import steps
from leads.models import Booking, BookingStatus, Lead, LeadStatus, StatusReason

NEW, TALKING = LeadStatus.NEW, LeadStatus.IN_CONVERSATION
UNQUALIFIED, BOOKED, HUMAN = LeadStatus.UNQUALIFIED, LeadStatus.BOOKED, LeadStatus.NEEDS_HUMAN
# A person is needed for nothing else than the appointment: one that turns up settles it.
WAITS_FOR_BOOKING = (
    StatusReason.BOOKING_UNCERTAIN,
    StatusReason.BOOKING_FAILED,
    StatusReason.CALENDAR_REFUSED,
    StatusReason.CALENDAR_NOT_CONNECTED,
    StatusReason.APPOINTMENT_CANCELLED,
    StatusReason.APPOINTMENT_REJECTED,
    StatusReason.APPOINTMENT_TO_MOVE,
    StatusReason.NO_SHOW,
)


@dataclass(frozen=True)
class Step:
    """Where a reason takes a lead, from which statuses, and from which reasons besides."""

    to: LeadStatus
    origins: tuple[LeadStatus, ...]
    also_because: tuple[StatusReason, ...] = ()


BELOW_HUMAN = (NEW, TALKING, UNQUALIFIED, BOOKED)
# "Booked" never outlives its booking.
OFF = Step(HUMAN, (NEW, TALKING, BOOKED), WAITS_FOR_BOOKING)
STEPS = {
    StatusReason.REACHED: Step(TALKING, (NEW,)),
    StatusReason.NOT_REACHED: Step(NEW, (TALKING,)),
    StatusReason.DOES_NOT_QUALIFY: Step(UNQUALIFIED, (NEW, TALKING)),
    StatusReason.APPOINTMENT_MADE: Step(BOOKED, (NEW, TALKING, UNQUALIFIED), WAITS_FOR_BOOKING),
    StatusReason.APPOINTMENT_CANCELLED: OFF,
    StatusReason.APPOINTMENT_REJECTED: OFF,
    StatusReason.APPOINTMENT_TO_MOVE: OFF,
    StatusReason.NO_SHOW: OFF,
    StatusReason.AGENT_ESCALATED: Step(HUMAN, BELOW_HUMAN),
    StatusReason.BOOKING_UNCERTAIN: Step(HUMAN, BELOW_HUMAN),
    StatusReason.BOOKING_FAILED: Step(HUMAN, BELOW_HUMAN, WAITS_FOR_BOOKING),
    StatusReason.CALENDAR_REFUSED: Step(HUMAN, BELOW_HUMAN),
    StatusReason.CALENDAR_NOT_CONNECTED: Step(HUMAN, BELOW_HUMAN),
    StatusReason.CALL_UNCONFIRMED: Step(HUMAN, (NEW,)),
    StatusReason.CALL_UNTOLD: Step(HUMAN, (NEW,)),
    # Which of the two it was may be told late, and then otherwise.
    StatusReason.TRANSFERRED: Step(
        HUMAN, (NEW, TALKING, UNQUALIFIED), (StatusReason.TRANSFER_FAILED,)
    ),
    StatusReason.TRANSFER_FAILED: Step(HUMAN, BELOW_HUMAN, (StatusReason.TRANSFERRED,)),
    StatusReason.MESSAGE_NOT_DELIVERED: Step(HUMAN, (NEW, TALKING)),
    StatusReason.AGENT_FAILED: Step(HUMAN, BELOW_HUMAN),
    StatusReason.UNREADABLE_MESSAGES: Step(HUMAN, BELOW_HUMAN),
    StatusReason.TAKEN_OVER: Step(HUMAN, tuple(LeadStatus)),
}


def move(lead_id: uuid.UUID, because: StatusReason, *, notes: str = "") -> bool:
    """Take the step that a reason stands for. Return whether the lead's status changed.

    notes: what the lead's page says about it. A lead that stands there already, or above,
    keeps its status, its reason and its notes.
    """
    step, lead = STEPS[because], Lead.objects.filter(pk=lead_id)
    if step.also_because:
        # What a person was wanted for is settled or has changed, so the notes about it go.
        waiting = lead.filter(status=HUMAN, status_reason__in=step.also_because)
        if _write(lead_id, waiting, step.to, because, qualification_notes=notes):
            return True
    told = {"qualification_notes": notes} if notes else {}
    return _write(lead_id, lead.filter(status__in=step.origins), step.to, because, **told)


def hand_back(lead: Lead, *, was_reached: bool) -> LeadStatus:
    """Give a lead the status that its history gives it. Return that status."""
    status = BOOKED if _has_appointment(lead) else TALKING if was_reached else NEW
    _write(lead.pk, Lead.objects.filter(pk=lead.pk), status, StatusReason.HANDED_BACK)
    return status


def _has_appointment(lead: Lead) -> bool:
    missed = Booking.objects.filter(lead=lead, status=BookingStatus.NO_SHOW)
    return bool(lead.booking_uid) and not missed.exists()


@transaction.atomic
def _write(lead_id: uuid.UUID, leads, status: LeadStatus, because: StatusReason, **told) -> bool:
    """Write a step, and tell of a status that is another one by it."""
    was = leads.select_for_update(no_key=True).values_list("status", flat=True).first()
    if was is None:
        return False
    now = timezone.now()
    leads.update(
        status=status,
        status_reason=because,
        status_at=now,
        last_active_at=now,
        updated_at=now,
        **told,
    )
    if status in (BOOKED, UNQUALIFIED):
        steps.drop_of_leads(Lead.objects.filter(pk=lead_id))
    if was != status and because != StatusReason.HANDED_BACK:
        events.status_changed(lead_id, status)
    if status == HUMAN:
        notices.status_moved(lead_id, because, now)
    return True
