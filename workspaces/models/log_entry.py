"""The log of a workspace."""

from typing import Any

from django.db import models
from django.db.models import Q

from workspaces.models.workspace import Workspace


class LogKind(models.TextChoices):
    """Which boundary was crossed."""

    API_REQUEST = "api_request", "API request"
    FORM = "form", "Form"
    PROVIDER_REQUEST = "provider_request", "Provider request"
    PROVIDER_EVENT = "provider_event", "Provider event"
    TOOL_CALL = "tool_call", "Tool call"
    OPERATOR_ACTION = "operator_action", "Operator action"
    # What Coachbot found out by itself and a person should know.
    ALERT = "alert", "Alert"


class Outcome(models.TextChoices):
    """How it ended."""

    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    FAILED = "failed"
    UNCLEAR = "unclear"


class LogEntry(models.Model):
    """One crossing of a boundary: what was sent, what came back. Written by log.record only.

    `lead_id` is no foreign key: the entry of a lead that was rolled back stays.
    """

    # No index of its own: those below begin with it, and each more is paid by every write.
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="log", db_index=False)
    created_at = models.DateTimeField()
    kind = models.CharField(max_length=24, choices=LogKind.choices)
    # What was done, as a word that code goes by, such as `vapi.create_call`; `action` says it to
    # people. Empty only in rows that a process of the release before wrote.
    code = models.CharField(max_length=48, blank=True, default="", db_default="")
    action = models.CharField(max_length=120)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    lead_id = models.UUIDField(null=True, blank=True)
    # Whose data a row without a lead holds; see log.record.subject_of().
    subject = models.CharField(max_length=16, blank=True)
    error = models.TextField(blank=True)
    # What `error` means, such as `vapi.no_balance`: a code of the table that explains it.
    error_code = models.CharField(max_length=64, blank=True, default="", db_default="")
    # The visible part of the API key, or of the form's address, that asked.
    key = models.CharField(max_length=16, blank=True, default="", db_default="")
    # How often it happened, in a row of log.repeats.
    times = models.PositiveIntegerField(default=1, db_default=1)
    request = models.JSONField(null=True, blank=True)
    response = models.JSONField(null=True, blank=True)

    # What log.explain puts on a row for a page.
    explanation: Any
    lead: Any
    # What leads.reading.logs puts on it: the other rows of the same request.
    others: list["LogEntry"]

    class Meta:
        verbose_name_plural = "log entries"
        indexes = [
            # The logs page: newest first within a workspace, also from a date on.
            models.Index(fields=["workspace", "-created_at", "-id"], name="log_newest"),
            # ... filtered by kind. A kind may be rare, so walking the one above will not do.
            models.Index(fields=["workspace", "kind", "-created_at", "-id"], name="log_kind"),
            # ... filtered by what went wrong, which is rare. Successes are not: they are
            # found by walking log_newest, and most rows pay for one index less.
            models.Index(
                fields=["workspace", "outcome", "-created_at", "-id"],
                condition=Q(outcome__in=["failed", "refused", "unclear"]),
                name="log_trouble",
            ),
            # ... all that went wrong, whatever its outcome.
            models.Index(
                fields=["workspace", "-created_at", "-id"],
                condition=Q(outcome__in=["failed", "refused", "unclear"]),
                name="log_problems",
            ),
            # ... what one key asked.
            models.Index(
                fields=["workspace", "key", "-created_at", "-id"],
                condition=~Q(key=""),
                name="log_of_key",
            ),
            # A lead's timeline, and its erasure.
            models.Index(fields=["workspace", "lead_id", "-id"], name="log_of_lead"),
            # Erasure of what earlier attempts left, whose leads were rolled back.
            models.Index(
                fields=["workspace", "subject"], condition=~Q(subject=""), name="log_of_subject"
            ),
            # All that one request did.
            models.Index(fields=["workspace", "request_id"], name="log_of_request"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LogKind.values), name="log_kind_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="log_outcome_known"
            ),
        ]

    def __str__(self):
        return f"{self.action}: {self.outcome}"

    @property
    def seconds(self) -> str:
        """Return how long it took, in seconds; "" where that is not known."""
        return "" if self.duration_ms is None else f"{self.duration_ms / 1000:.2f}"

    @property
    def is_repeated(self) -> bool:
        return self.times > 1
