"""A person who wrote in, and whose first call was refused."""

import uuid

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from coachbot.providers.causes import Cause
from coachbot.providers.vapi.errors import CAUSES
from coachbot.visible import without_turning
from leads.intake import submission
from workspaces.models import Workspace


class RefusedSubmission(models.Model):
    """What a person submitted whose lead was withdrawn, so that a member can take it in.

    One for each phone of a workspace, however often a site tries: what came last, and how often.
    It is no lead: nobody is called by it, and no caller of the API is told of it. Once the phone
    is a lead it is of no use any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: those below begin with it.
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="refused_submissions", db_index=False
    )
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
    # What was asked, by the ids of the answers, where these are no words themselves.
    form_wordings = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), blank=True
    )
    # The evidence of consent, as a lead has it.
    consent_at = models.DateTimeField()
    consent_source = models.CharField(max_length=60, blank=True)
    consent_address = models.GenericIPAddressField(null=True, blank=True)
    came_by = models.CharField(
        max_length=16,
        choices=submission.CameBy.choices,
        default=submission.CameBy.API,
        db_default=submission.CameBy.API,
    )
    # What a form shows of consent: its wording, which version of it, and the page it stood on.
    consent_evidence = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), blank=True
    )
    # Of the latest attempt: the request, and the lead that was withdrawn. They find its log rows.
    request_id = models.CharField(max_length=128, blank=True)
    lead_id = models.UUIDField()
    # Why the latest attempt was refused, such as `vapi.no_balance`: a code of a provider's table.
    error_code = models.CharField(max_length=64)
    attempts = models.PositiveIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    refused_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [
            # The list: newest first within a workspace; and what has become too old.
            models.Index(fields=["workspace", "-created_at", "-id"], name="refused_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "phone"], name="refused_phone_unique"),
            models.CheckConstraint(
                condition=Q(phone__regex=f"^{submission.PHONE_FORM}$"), name="refused_phone_form"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="refused_name_given"),
            models.CheckConstraint(
                condition=Q(came_by__in=submission.CameBy.values), name="refused_came_by_known"
            ),
        ]

    def __str__(self):
        return f"refused submission {self.id}"

    @property
    def is_repeated(self) -> bool:
        return self.attempts > 1

    @property
    def cause(self) -> Cause:
        """Return why the latest attempt was refused, in plain words."""
        return CAUSES.explain(self.error_code)

    @property
    def plain_name(self) -> str:
        """Return the name for titles, labels and sentences: it cannot turn them around."""
        return without_turning(self.name)
