"""What is planned with a lead: the next contact, and when."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leads.models.conversations.call import Call
from leads.models.conversations.message import Message
from leads.models.lead.codes import HeldBecause
from leads.models.lead.lead import Lead
from workspaces.models import Workspace


class StepKind(models.TextChoices):
    """Why a lead is to be contacted."""

    FIRST = "first", "First call"
    ATTEMPT = "attempt", "Attempt of the plan"
    RETRY = "retry", "Call that never rang"
    CALLBACK = "callback", "Asked to be called back"


class StepState(models.TextChoices):
    """Where a step stands. `planned` is the only one that anything may come of."""

    PLANNED = "planned"
    MADE = "made"
    DROPPED = "dropped"
    SKIPPED = "skipped"  # by a member: the plan goes on as after an attempt


# What waits for one of these is woken by it, and not by the time: a line that gets free, an
# account that places calls again. Its `due_at` is when it may be tried without that.
WAITING = (HeldBecause.LINES_FULL, HeldBecause.ACCOUNT_FAULT)


class StepQuerySet(models.QuerySet):
    """Named reads over steps."""

    def planned(self):
        """Return the steps that are still to be made."""
        return self.filter(state=StepState.PLANNED)

    def waiting(self):
        """Return the steps that wait for a line, or for the account to place calls."""
        return self.planned().filter(held_because__in=WAITING, due_at__isnull=False)

    def drop(self) -> int:
        """Drop them. Return how many there were."""
        return self.update(state=StepState.DROPPED, updated_at=timezone.now())

    def skipped(self):
        """Return the attempts that members left out."""
        return self.filter(state=StepState.SKIPPED)


class Step(models.Model):
    """A contact that is planned with a lead, of which it has one at a time.

    It is made in the transaction that writes its call down; from there on the call's own rows say
    what becomes of it. `lease_until` keeps two workers from waking it at once, and nothing more.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="steps", db_index=False)
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="steps", db_index=False)
    kind = models.CharField(max_length=16, choices=StepKind.choices)
    state = models.CharField(max_length=16, choices=StepState.choices, default=StepState.PLANNED)
    # Empty where it waits for a person to say so.
    due_at = models.DateTimeField(null=True, blank=True)
    held_because = models.CharField(
        max_length=24, choices=HeldBecause.choices, blank=True, default=""
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    # The call that was made by it.
    call = models.OneToOneField(Call, models.SET_NULL, null=True, blank=True, related_name="step")
    # ... or the message.
    message = models.OneToOneField(
        Message, models.SET_NULL, null=True, blank=True, related_name="step"
    )
    # How often it was begun and no call came of it.
    tries = models.PositiveSmallIntegerField(default=0)
    notes = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        indexes = [
            # The worker: what is due, of all workspaces.
            models.Index(fields=["due_at"], condition=Q(state="planned"), name="step_due"),
            # The lead's page, and erasing.
            models.Index(fields=["lead", "-created_at"], name="step_of_lead"),
            # What waits for a person in a workspace, and what its settings hold.
            models.Index(
                fields=["workspace", "held_because"],
                condition=Q(state="planned"),
                name="step_held",
            ),
            # The list of leads, sorted by their next call.
            models.Index(
                fields=["workspace", "due_at", "lead"],
                condition=Q(state="planned", due_at__isnull=False),
                name="step_next",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(state="planned"), name="step_one_planned"
            ),
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="step_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=StepState.values), name="step_state_known"
            ),
            models.CheckConstraint(
                condition=Q(held_because__in=["", *HeldBecause.values]),
                name="step_held_because_known",
            ),
        ]

    def __str__(self):
        return f"{self.kind} of {self.lead_id}, {self.state}"
