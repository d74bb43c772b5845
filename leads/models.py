"""Leads, and the calls that were made to reach them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leads import ended_reasons
from leads.idempotent_request import IdempotentRequest  # noqa: F401  Django looks here
from workspaces.models import Channel, Workspace


class LeadStatus(models.TextChoices):
    """Where a lead stands. The words are the contract's."""

    NEW = "new", "New"
    IN_CONVERSATION = "in_conversation", "In conversation"
    BOOKED = "booked", "Booked"
    UNQUALIFIED = "unqualified", "Unqualified"
    NEEDS_HUMAN = "needs_human", "Needs a human"


class LeadQuerySet(models.QuerySet):
    """Named reads over leads. Start from `workspace.leads`."""

    def accepted(self):
        """Return the leads that count: those whose first dispatch is not still open."""
        return self.filter(accepted_at__isnull=False)

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
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=16)
    email = models.CharField(max_length=254, blank=True)
    goal = models.CharField(max_length=2000, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    form_responses = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=16, choices=LeadStatus.choices, default=LeadStatus.NEW)
    # What the agent learnt: budget, schedulePref, fitnessLevel, notes.
    profile = models.JSONField(default=dict, blank=True)
    qualification_notes = models.TextField(blank=True)
    booking_uid = models.CharField(max_length=120, blank=True)
    booking_start = models.DateTimeField(null=True, blank=True)
    # Evidence of consent: when, by which key or form, from which address.
    consent_at = models.DateTimeField()
    consent_source = models.CharField(max_length=60, blank=True)
    consent_address = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=128, blank=True)
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
                condition=Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"), name="lead_phone_form"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="lead_name_given"),
            models.CheckConstraint(
                condition=Q(status__in=LeadStatus.values), name="lead_status_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="lead_channel_known"
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.id})"

    @property
    def needs_human(self) -> bool:
        return self.status == LeadStatus.NEEDS_HUMAN


class CallStatus(models.TextChoices):
    """Where a call stands. Callers of the API see `in_progress` and `ended` only."""

    DIALING = "dialing"
    IN_PROGRESS = "in_progress"
    ENDED = "ended"


class CallQuerySet(models.QuerySet):
    """Named reads over calls."""

    def dialing(self):
        """Return the calls of which nobody can say yet whether the provider placed them."""
        return self.filter(status=CallStatus.DIALING)

    def in_progress(self):
        """Return the calls that the provider accepted and that are not over."""
        return self.filter(status=CallStatus.IN_PROGRESS)


class Call(models.Model):
    """One attempt to call a lead. Its id is sent along, so that the call can be found again.

    While it is `dialing`, `lease_until` says how long whoever dials may take; after that
    another process may find out what became of it. `conclusive_at` is the moment from
    which the provider's not listing the call proves that it was not placed. Once the call
    is `in_progress`, `lease_until` says when the provider may be asked about it again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: those below begin with it, and each more is paid by every write.
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="calls", db_index=False)
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="calls")
    status = models.CharField(max_length=16, choices=CallStatus.choices, default=CallStatus.DIALING)
    vapi_call_id = models.CharField(max_length=64, null=True, blank=True)
    lease_until = models.DateTimeField()
    conclusive_at = models.DateTimeField()
    dialed_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=160, blank=True)
    summary = models.TextField(blank=True)
    transcript = models.TextField(blank=True)
    has_recording = models.BooleanField(default=False)
    # Vapi accepted the call and said that no line is free for it.
    is_blocked = models.BooleanField(default=False)
    # What Vapi told of the call's course; leads.progress computes the columns from it.
    told = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes = [
            # The overview: calls of the last days.
            models.Index(fields=["workspace", "-created_at"], name="call_newest"),
            # Settling: the few calls that are not over, of all workspaces.
            models.Index(
                fields=["status", "lease_until"],
                condition=~Q(status="ended"),
                name="call_not_over",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["vapi_call_id"], name="call_vapi_call_id_unique"),
            models.UniqueConstraint(
                fields=["lead"], condition=~Q(status="ended"), name="call_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status__in=CallStatus.values), name="call_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="in_progress") | Q(vapi_call_id__isnull=False),
                name="call_in_progress_has_vapi_call_id",
            ),
        ]

    def __str__(self):
        return f"call {self.id} ({self.status})"

    @property
    def is_over(self) -> bool:
        return self.status == CallStatus.ENDED

    @property
    def ending(self) -> ended_reasons.Explanation:
        """Return why the call ended, in plain words."""
        return ended_reasons.explain(self.ended_reason)

    @property
    def is_waiting_for_a_line(self) -> bool:
        return self.is_blocked and not self.is_over and not self.told

    @property
    def duration_seconds(self) -> int | None:
        """Return how long the conversation took, where both of its ends are known."""
        if self.started_at is None or self.ended_at is None:
            return None
        return max(0, round((self.ended_at - self.started_at).total_seconds()))

    @property
    def duration(self) -> str:
        """Return how long the conversation took, as people read it: `2:05`."""
        if self.duration_seconds is None:
            return ""
        minutes, seconds = divmod(self.duration_seconds, 60)
        return f"{minutes}:{seconds:02}"


class ToolCall(models.Model):
    """One thing that the assistant asked for during a call, and the answer that it got.

    The row is made before anything is done, so that of two deliveries one acts. While
    `answer` is empty it is being worked on; after `lease_until` another may take it over.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="tool_calls")
    tool_call_id = models.CharField(max_length=120)
    name = models.CharField(max_length=80)
    answer = models.TextField(blank=True)
    # The starts that the answer named as free, in UTC: only these can be booked.
    offered = models.JSONField(default=list, blank=True)
    lease_until = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "tool_call_id"], name="tool_call_acts_once"),
        ]

    def __str__(self):
        return f"{self.name} {self.tool_call_id}"


class BookingStatus(models.TextChoices):
    """Whether an appointment is known to be in the calendar."""

    OPEN = "open"
    MADE = "made"


class Booking(models.Model):
    """A lead's one appointment. Its id is sent along, so that a lost answer can be looked up.

    The row is made before Cal.com is asked and goes again where it refuses, so nobody is
    booked twice. While it is `open`, `lease_until` says how long whoever books may take.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.OneToOneField(Lead, models.CASCADE, related_name="booking")
    call = models.ForeignKey(Call, models.CASCADE, related_name="+")
    status = models.CharField(
        max_length=8, choices=BookingStatus.choices, default=BookingStatus.OPEN
    )
    start = models.DateTimeField()
    uid = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            # Settling: the few bookings of which nobody can say whether they were made.
            models.Index(
                fields=["lease_until"], condition=Q(status="open"), name="booking_not_known"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=BookingStatus.values), name="booking_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="open") | ~Q(uid=""), name="booking_made_has_uid"
            ),
        ]

    def __str__(self):
        return f"booking {self.id} ({self.status})"
