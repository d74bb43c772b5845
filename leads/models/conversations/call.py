"""The calls that were made to reach a lead."""

import uuid

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from coachbot.deadline import Deadline
from coachbot.providers.vapi import ended_reasons
from leads.models.conversations.conversation import Conversation
from leads.models.lead.lead import Lead
from workspaces.models import Workspace


class CallStatus(models.TextChoices):
    """Where a call stands. Callers of the API see `in_progress` and `ended` only."""

    DIALING = "dialing"
    IN_PROGRESS = "in_progress"
    ENDED = "ended"


class Direction(models.TextChoices):
    """Who rang whom."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


class CallQuerySet(models.QuerySet):
    """Named reads over calls."""

    def outbound(self):
        """Return the calls that the agent made: those that plans, limits and figures count."""
        return self.filter(direction=Direction.OUTBOUND)

    def inbound(self):
        """Return the calls in which the lead rang."""
        return self.filter(direction=Direction.INBOUND)

    def dialing(self):
        """Return the calls of which nobody can say yet whether the provider placed them."""
        return self.filter(status=CallStatus.DIALING)

    def in_progress(self):
        """Return the calls that the provider accepted and that are not over."""
        return self.filter(status=CallStatus.IN_PROGRESS)

    def waiting_for_a_line(self):
        """Return the calls that the provider accepted and has no line for, as far as is known."""
        return self.in_progress().filter(is_blocked=True, started_at=None)

    def going_on(self):
        """Return the calls that take a line: those that wait for one at the provider do not."""
        has_line = Q(is_blocked=False) | Q(started_at__isnull=False)
        return self.filter(~Q(status=CallStatus.ENDED), has_line)

    def attempts(self):
        """Return the calls of ours that rang, or that a machine answered: those of the plan."""
        return self.filter(used_budget=True)


class Call(models.Model):
    """One attempt to call a lead, or a call of the lead's own. Its id is sent along, so that the
    call can be found again.

    While it is `dialing`, `lease_until` says how long whoever dials may take; after that
    another process may find out what became of it. `conclusive_at` is the moment from
    which the provider's not listing the call proves that it was not placed. Once the call
    is `in_progress`, `lease_until` says when the provider may be asked about it again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: those below begin with it, and each more is paid by every write.
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="calls", db_index=False)
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="calls")
    # Empty only in rows of the release before this one.
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, related_name="calls")
    direction = models.CharField(
        max_length=8,
        choices=Direction.choices,
        default=Direction.OUTBOUND,
        db_default=Direction.OUTBOUND,
    )
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
    # The same turn by turn, for who reads it beside the recording; empty in older rows.
    turns = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)
    has_recording = models.BooleanField(default=False)
    # Whether it rang, and so is one of the attempts of the plan; empty until that is known.
    used_budget = models.BooleanField(null=True, blank=True)
    # In US dollars, as Vapi reported it last.
    cost = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    # Vapi accepted the call and said that no line is free for it.
    is_blocked = models.BooleanField(default=False)
    # When Vapi first refused to drop it.
    drop_refused_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Looking for an unclear call in a long list: since when, and down to which of its moments.
    search_began_at = models.DateTimeField(null=True, blank=True, editable=False)
    search_reached = models.DateTimeField(null=True, blank=True, editable=False)
    # What Vapi told of the call's course; leads.calls.progress computes the columns from it.
    told = models.JSONField(default=dict, blank=True)
    # Whether others were told that it is over; and when they are, where Vapi's report is awaited.
    end_told = models.BooleanField(default=False, db_default=False, editable=False)
    tell_end_at = models.DateTimeField(null=True, blank=True, editable=False)
    request_id = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Until when whoever has just made the row may send it. No column: a process's own clock.
    send_by: Deadline | None = None
    # What the assistant is told of the calls before. No columns: they have it.
    last_summary: str = ""
    callback_notes: str = ""

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes = [
            # The overview: calls of the last days.
            models.Index(fields=["workspace", "-created_at"], name="call_newest"),
            # ... and those few in which a lead rang.
            models.Index(
                fields=["workspace", "-created_at"],
                condition=Q(direction="inbound"),
                name="call_inbound_newest",
            ),
            # Settling: the few calls that are not over, of all workspaces.
            models.Index(
                fields=["status", "lease_until"],
                condition=~Q(status="ended"),
                name="call_not_over",
            ),
            # ... and the fewer that are, and of which the report is awaited.
            models.Index(
                fields=["tell_end_at"],
                condition=Q(tell_end_at__isnull=False),
                name="call_end_untold",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["vapi_call_id"], name="call_vapi_call_id_unique"),
            # Of ours: whether the lead rings meanwhile is not ours to say.
            models.UniqueConstraint(
                fields=["lead"],
                condition=~Q(status="ended") & Q(direction="outbound"),
                name="call_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="call_direction_known"
            ),
            models.CheckConstraint(
                condition=Q(direction="outbound") | Q(used_budget=None),
                name="call_inbound_uses_no_budget",
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
    def is_inbound(self) -> bool:
        return self.direction == Direction.INBOUND

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
