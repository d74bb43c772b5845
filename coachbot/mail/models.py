"""The mails that wait, and what became of those that did."""

import uuid

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """What became of a mail so far."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class Mail(models.Model):
    """A mail. outbox writes it and delivery ends it; nothing else does.

    All that it says, and to whom, is sealed, as it may hold a link that opens an account. It is
    emptied once it is sent or given up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.TextField(blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    # Until then it rests between two attempts, or somebody is sending it. Times are the database's.
    lease_until = models.DateTimeField()
    # From then on it is not sent any more.
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.WAITING, ended_at=None)
                | Q(state__in=[State.SENT, State.GIVEN_UP], sealed="", ended_at__isnull=False),
                name="mail_ended_is_empty",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_until"], condition=Q(state=State.WAITING), name="mail_waiting"
            ),
            models.Index(fields=["ended_at"], name="mail_ended"),
        ]

    def __str__(self):
        return f"mail {self.id}"
