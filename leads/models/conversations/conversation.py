"""Everything with one lead on one channel."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leads.models.lead.lead import Lead
from workspaces.models import Channel

# Of an address at a provider: `whatsapp:+447700900123`, or `whatsapp:GB.` and an id.
LONGEST_ADDRESS = 160


class Conversation(models.Model):
    """What tool calls, bookings, calls and messages hang on; a call is one way of having it.

    The columns below `created_at` are those of a written one. What is due in it stands in its row:
    a worker claims it, one at a time, and answers what nobody has answered; `fence` counts the
    claims, and a worker whose claim is not the last one writes nothing any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="conversations", db_index=False)
    channel = models.CharField(max_length=16, choices=Channel.choices)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # How the provider names the lead; empty until it wrote: then it is its phone.
    address = models.CharField(max_length=LONGEST_ADDRESS, blank=True, default="", db_default="")
    # The id that WhatsApp gives a person for one business, for those who show no number.
    external_user_id = models.CharField(
        max_length=LONGEST_ADDRESS, blank=True, default="", db_default=""
    )
    message_count = models.PositiveIntegerField(default=0, db_default=0)
    last_inbound_at = models.DateTimeField(null=True, blank=True)
    last_outbound_at = models.DateTimeField(null=True, blank=True)
    # Until then anything may be written; after that only an approved template.
    window_until = models.DateTimeField(null=True, blank=True)
    # When the first of the messages arrived that nobody has answered.
    waiting_since = models.DateTimeField(null=True, blank=True)
    # When a worker is to look at it next; empty where nothing is to be done.
    due_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0, db_default=0)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Messages that no text can be made of, such as voice notes.
    unreadable_count = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [
            # The worker: the few that are due, of all workspaces.
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="conversation_due"
            ),
            # Inbound: whose message it is, where it comes without a number.
            models.Index(
                fields=["external_user_id"],
                condition=~Q(external_user_id=""),
                name="conversation_external_user",
            ),
            models.Index(fields=["address"], condition=~Q(address=""), name="conversation_address"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["lead", "channel"], name="conversation_unique"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="conversation_channel_known"
            ),
        ]

    def __str__(self):
        return f"{self.channel} conversation {self.id}"
