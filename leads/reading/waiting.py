"""Who waits for a person: a queue that gets empty.

A lead stands in it while its status says that a person is needed, or once its next step is due;
not while that lies ahead, and not once the lead is closed. This is the one place that says so.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from leads.models import Lead, LeadStatus, StatusReason
from workspaces.models import Membership, Workspace

# Those below come up as these are worked.
MOST_SHOWN = 25
REASONS = {
    StatusReason.AGENT_ESCALATED: "The agent asked for a person.",
    StatusReason.BOOKING_UNCERTAIN: "An appointment may be booked: Cal.com did not confirm it.",
    StatusReason.BOOKING_FAILED: "The appointment could not be booked.",
    StatusReason.APPOINTMENT_CANCELLED: "The appointment was cancelled.",
    StatusReason.APPOINTMENT_REJECTED: "The host did not confirm the appointment.",
    StatusReason.APPOINTMENT_TO_MOVE: "The host asked for another time.",
    StatusReason.NO_SHOW: "The appointment was missed.",
    StatusReason.CALENDAR_REFUSED: "Cal.com refused to give times.",
    StatusReason.CALENDAR_NOT_CONNECTED: "An appointment is wanted, and no calendar is connected.",
    StatusReason.CALL_UNCONFIRMED: "Nobody knows whether the call was placed.",
    StatusReason.CALL_UNTOLD: "Nobody told how the call went.",
    StatusReason.TRANSFERRED: "Put through to a person: nobody knows whether one answered.",
    StatusReason.TRANSFER_FAILED: "The transfer to a person failed.",
    StatusReason.MESSAGE_NOT_DELIVERED: "A message did not arrive.",
    StatusReason.AGENT_FAILED: "The agent could not answer what the lead wrote.",
    StatusReason.UNREADABLE_MESSAGES: "The lead sends what only a person can read or hear.",
    StatusReason.TAKEN_OVER: "Taken over from the agent.",
}
ANY_REASON = "A person is needed."


class Whose(models.TextChoices):
    """Which part of the queue is looked at."""

    MINE = "mine", "Mine"
    NOBODYS = "nobody", "Nobody's"
    ALL = "all", "All"


@dataclass(frozen=True)
class Counts:
    """How many leads wait in each part of the queue."""

    mine: int
    nobody: int
    all: int

    @property
    def to_do(self) -> int:
        """Return how many the member may want to look at."""
        return self.mine + self.nobody

    def of(self, whose: Whose) -> int:
        return int(getattr(self, whose.value))

    @property
    def first_filled(self) -> Whose:
        """Return the part to begin with."""
        return next((whose for whose in Whose if self.of(whose)), Whose.MINE)


@dataclass(frozen=True)
class Waiting:
    """A lead of the queue."""

    lead: Lead

    @property
    def since(self) -> datetime:
        return self.lead.status_at or self.lead.created_at

    @property
    def is_step_due(self) -> bool:
        """Return whether it is here for its next step, whatever its status says."""
        return self.lead.next_step != ""

    @property
    def because(self) -> str:
        """Return why it waits, in plain words."""
        if self.is_step_due:
            return f"Next step: {self.lead.next_step}"
        reason = self.lead.status_reason
        return REASONS[StatusReason(reason)] if reason in REASONS else ANY_REASON

    @property
    def notes(self) -> str:
        """Return what the agent said of it; not what Cal.com answered, which is for the log."""
        is_answer = self.lead.status_reason == StatusReason.CALENDAR_REFUSED
        return "" if is_answer or self.is_step_due else self.lead.qualification_notes


def waiting(workspace: Workspace) -> QuerySet[Lead]:
    """Return the leads that wait for a person today, in the current time zone."""
    needed = Q(status=LeadStatus.NEEDS_HUMAN, next_step_on=None)
    due = Q(next_step_on__isnull=False, next_step_on__lte=timezone.localdate())
    return workspace.leads.accepted().without_tests().filter(needed | due, closed_as="")


def count(membership: Membership) -> Counts:
    """Return how many wait, for a member. One query."""
    mine, nobodys = Q(owner=membership), Q(owner=None)
    counted = waiting(membership.workspace).aggregate(
        mine=Count("pk", filter=mine), nobody=Count("pk", filter=nobodys), all=Count("pk")
    )
    return Counts(**counted)


def queue(membership: Membership, whose: Whose, size: int = MOST_SHOWN) -> list[Waiting]:
    """Return those of a part that have waited the longest, the first of them first."""
    leads = waiting(membership.workspace).select_related("owner__user")
    if whose == Whose.MINE:
        leads = leads.filter(owner=membership)
    elif whose == Whose.NOBODYS:
        leads = leads.filter(owner=None)
    return [
        Waiting(lead) for lead in leads.order_by(Coalesce("status_at", "created_at"), "pk")[:size]
    ]
