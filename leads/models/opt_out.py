"""The do-not-call list: numbers that nobody may contact, as keyed hashes apart from leads.

It outlives the leads it came from, so it holds nothing that tells who they were: a regulator
allows an opposition list the number alone, and hashed (CNIL MED-2023-040).
"""

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from workspaces.models import User, Workspace


class Way(models.TextChoices):
    """By which way a number came on the list."""

    ASSISTANT = "assistant", "Asked the agent in a call"
    MESSAGE = "message", "Wrote STOP"
    PAGE = "page", "Entered by a member"
    COMMAND = "command", "Entered on the command line"
    UPLOAD = "upload", "Uploaded as a file"


class OptOutKey(models.Model):
    """A key of the list's hashes, sealed. One that is not current still finds what it listed."""

    key_id = models.CharField(max_length=8, primary_key=True)
    sealed = models.TextField()
    is_current = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=Value(True)),
                name="opt_out_key_one_is_current",
            ),
        ]

    def __str__(self):
        return self.key_id


class OptOut(models.Model):
    """A number on the list of a workspace: no name, no lead, and not the number itself."""

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="opt_outs", db_index=False
    )
    key_id = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)
    way = models.CharField(max_length=16, choices=Way.choices)
    added_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [
            # The list's page: newest first.
            models.Index(fields=["workspace", "-created_at", "-id"], name="opt_out_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "digest"], name="opt_out_listed_once"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="opt_out_way_known"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="opt_out_digest_form"
            ),
        ]

    def __str__(self):
        return f"opt-out of {self.created_at:%Y-%m-%d}"
