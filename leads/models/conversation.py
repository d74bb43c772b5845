"""Everything with one lead on one channel."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leads.models.lead import Lead
from workspaces.models import Channel


class Conversation(models.Model):
    """What tool calls, bookings, calls and messages hang on; a call is one way of having it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="conversations", db_index=False)
    channel = models.CharField(max_length=16, choices=Channel.choices)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead", "channel"], name="conversation_unique"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="conversation_channel_known"
            ),
        ]

    def __str__(self):
        return f"{self.channel} conversation {self.id}"
