"""What a member did with many leads at once, as long as that may be undone."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from leads.models.lead.lead import Lead
from workspaces.models import Workspace


class BulkCode(models.TextChoices):
    """What was done."""

    CLOSED = "closed"
    ASSIGNED = "assigned"


class BulkDeed(models.Model):
    """A deed that can be undone; each lead that it changed has its row of BulkChange."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="bulk_deeds")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    code = models.CharField(max_length=16, choices=BulkCode.choices)
    # What the leads have since: the code of an end, or the key of an owner, "" for nobody.
    after = models.CharField(max_length=32, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__in=BulkCode.values), name="bulk_code_known"),
        ]

    def __str__(self):
        return f"{self.code} at {self.made_at:%H:%M:%S}"

    @property
    def is_closing(self) -> bool:
        return self.code == BulkCode.CLOSED


class BulkChange(models.Model):
    """How a lead stood before, by the names of its columns. Goes with its lead."""

    # No index of its own: the one of the constraint below begins with it.
    deed = models.ForeignKey(BulkDeed, models.CASCADE, related_name="changes", db_index=False)
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="+")
    before = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deed", "lead"], name="bulk_change_once"),
        ]

    def __str__(self):
        return f"lead {self.lead_id} before {self.deed_id}"
