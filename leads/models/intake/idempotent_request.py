"""The row behind an Idempotency-Key. leads.intake.idempotency says what it is for."""

from django.db import models
from django.db.models import Q

from workspaces.models import Workspace


class IdempotentRequest(models.Model):
    """A submission that came with an Idempotency-Key, and its answer once that is final.

    Neither key nor body is kept, only keyed digests of them. `answer` holds ids alone.
    Until there is one, `lease_until` says how long whoever runs the request may take.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="idempotent_requests")
    key_digest = models.CharField(max_length=64)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True)
    location = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            # What is to be forgotten, of all workspaces.
            models.Index(fields=["created_at"], name="idempotent_request_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key_digest"], name="idempotent_request_key_unique"
            ),
            models.CheckConstraint(
                condition=Q(status=None, answer="") | (Q(status__in=[201, 409]) & ~Q(answer="")),
                name="idempotent_request_answer_final",
            ),
        ]

    def __str__(self):
        return f"idempotent request {self.pk} ({self.status or 'running'})"
