"""A person who wrote in."""

import uuid

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from coachbot.visible import without_turning
from leads.intake import submission
from leads.models.folding import SearchableField
from workspaces.models import Channel, Workspace


class LeadStatus(models.TextChoices):
    """Where a lead stands. The words are the contract's."""

    NEW = "new", "New"
    IN_CONVERSATION = "in_conversation", "In conversation"
    BOOKED = "booked", "Booked"
    UNQUALIFIED = "unqualified", "Unqualified"
    NEEDS_HUMAN = "needs_human", "Needs a human"


class StatusReason(models.TextChoices):
    """Why a lead stands where it stands: what leads.status goes by."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    DOES_NOT_QUALIFY = "does_not_qualify"
    APPOINTMENT_MADE = "appointment_made"
    AGENT_ESCALATED = "agent_escalated"
    BOOKING_UNCERTAIN = "booking_uncertain"
    BOOKING_FAILED = "booking_failed"
    CALENDAR_REFUSED = "calendar_refused"
    CALENDAR_NOT_CONNECTED = "calendar_not_connected"
    CALL_UNCONFIRMED = "call_unconfirmed"
    CALL_UNTOLD = "call_untold"
    TAKEN_OVER = "taken_over"
    HANDED_BACK = "handed_back"


class HeldBecause(models.TextChoices):
    """Why a lead is not contacted now. The words are the contract's (section 10)."""

    PAUSED = "paused"
    COUNTRY = "country"
    DAILY_LIMIT = "daily_limit"
    NOT_CONNECTED = "not_connected"


class LeadQuerySet(models.QuerySet):
    """Named reads over leads. Start from `workspace.leads`."""

    def accepted(self):
        """Return the leads that count: those whose first dispatch is not still open."""
        return self.filter(accepted_at__isnull=False)

    def received_before(self, moment):
        return self.filter(created_at__lt=moment)

    def newest_first(self):
        return self.order_by("-created_at", "-id")


class Lead(models.Model):
    """A person who wrote in.

    `accepted_at` is empty while the first call is being dispatched: until then the lead
    may be withdrawn again, and nobody is told that it exists.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: those below begin with it, and each more is paid by every write.
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="leads", db_index=False)
    channel = models.CharField(max_length=16, choices=Channel.choices)
    name = models.CharField(max_length=submission.NAME.longest)
    phone = models.CharField(max_length=len("+") + submission.MOST_DIGITS)
    email = models.CharField(max_length=submission.EMAIL.longest, blank=True)
    goal = models.CharField(max_length=submission.GOAL.longest, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    form_responses = models.JSONField(default=dict, blank=True)
    # Its keys as they were sent: PostgreSQL sorts those of an object by length.
    form_questions = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), blank=True
    )
    status = models.CharField(max_length=16, choices=LeadStatus.choices, default=LeadStatus.NEW)
    # Empty where nothing has happened yet, and in rows of older releases.
    status_reason = models.CharField(
        max_length=32, choices=StatusReason.choices, blank=True, default="", db_default=""
    )
    # Which rule of the workspace kept the lead from being contacted; empty where none did.
    held_because = models.CharField(
        max_length=24, choices=HeldBecause.choices, blank=True, default="", db_default=""
    )
    # What the agent learnt: goal, email, budget, schedulePref, fitnessLevel, notes.
    profile = models.JSONField(default=dict, blank=True)
    qualification_notes = models.TextField(blank=True)
    booking_uid = models.CharField(max_length=120, blank=True)
    booking_start = models.DateTimeField(null=True, blank=True)
    # Evidence of consent: when, by which key or form, from which address.
    consent_at = models.DateTimeField()
    consent_source = models.CharField(max_length=60, blank=True)
    consent_address = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    # Lets name and e-mail be found whatever their accents; see leads.reading.search.
    search_text = SearchableField(sources=("name", "email"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        indexes = [
            # The leads page: newest first within a workspace.
            models.Index(fields=["workspace", "-created_at", "-id"], name="lead_newest"),
            # ... filtered by status: one that is rare must not be searched for.
            models.Index(
                fields=["workspace", "status", "-created_at", "-id"], name="lead_status_newest"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "phone"], name="lead_phone_unique"),
            models.CheckConstraint(
                condition=Q(phone__regex=f"^{submission.PHONE_FORM}$"), name="lead_phone_form"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="lead_name_given"),
            models.CheckConstraint(
                condition=Q(status__in=LeadStatus.values), name="lead_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status_reason__in=["", *StatusReason.values]),
                name="lead_status_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(held_because__in=["", *HeldBecause.values]),
                name="lead_held_because_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="lead_channel_known"
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.id})"

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Return pairs of question and answer, in the order in which they were sent."""
        places = {question: place for place, question in enumerate(self.form_questions)}
        last = len(places)
        return sorted(self.form_responses.items(), key=lambda pair: places.get(pair[0], last))

    @property
    def plain_name(self) -> str:
        """Return the name for titles, labels and sentences: it cannot turn them around."""
        return without_turning(self.name)

    @property
    def needs_human(self) -> bool:
        return self.status == LeadStatus.NEEDS_HUMAN
