"""What is written in a conversation."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from leads.models.conversations.conversation import LONGEST_ADDRESS, Conversation
from leads.models.conversations.turn import LONGEST_CODE, Turn
from workspaces.models import Workspace

LONGEST_SID = 64


class Author(models.TextChoices):
    """Who wrote a message."""

    LEAD = "lead"
    AGENT = "agent"
    PERSON = "person"  # a member of the workspace


class MessageKind(models.TextChoices):
    """What a message is."""

    TEXT = "text"
    TEMPLATE = "template"
    BUTTON = "button"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    CONTACTS = "contacts"
    LOCATION = "location"
    UNKNOWN = "unknown"


class MessagePurpose(models.TextChoices):
    """What a message of ours is for: other rules of the gate hold for each."""

    OPENER = "opener"  # the first one, by a template
    FOLLOW_UP = "follow_up"  # a later one of the plan, by a template
    REPLY = "reply"
    FALLBACK = "fallback"  # the sentence of a turn that failed
    OPT_OUT = "opt_out"  # the one confirmation of STOP
    BY_HAND = "by_hand"  # a member wrote it


# Messages that nobody asked for: they are attempts to reach a lead, and take places of the day.
UNASKED = (MessagePurpose.OPENER, MessagePurpose.FOLLOW_UP)


class MessageStatus(models.TextChoices):
    """Where a message stands. The provider tells the ones from `accepted` on."""

    RECEIVED = "received"  # the lead's
    PENDING = "pending"  # written down, not sent yet
    SENDING = "sending"  # about to be sent: from here on it is never sent again unseen
    UNKNOWN = "unknown"  # nobody can say yet whether it was sent
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    NOT_SENT = "not_sent"  # it never left: refused, forbidden, or overtaken


# Nobody knows yet, or has not tried.
UNSETTLED = (MessageStatus.PENDING, MessageStatus.SENDING, MessageStatus.UNKNOWN)
# It was sent, or may have been.
GONE_OUT = (
    MessageStatus.UNKNOWN,
    MessageStatus.ACCEPTED,
    MessageStatus.SENT,
    MessageStatus.DELIVERED,
    MessageStatus.READ,
)


class MessageQuerySet(models.QuerySet):
    """Named reads over messages."""

    def inbound(self):
        return self.filter(author=Author.LEAD)

    def outbound(self):
        return self.exclude(author=Author.LEAD)

    def in_order(self):
        return self.order_by("created_at", "part", "id")


class Message(models.Model):
    """One message, of a lead or to it. It has no conversation where nobody knows its sender.

    Ours is written down before it is sent, so that it is sent once: its id goes along in the
    address of the status callback, by which a lost answer is settled.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="messages", db_index=False
    )
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, null=True, blank=True, related_name="messages", db_index=False
    )
    author = models.CharField(max_length=8, choices=Author.choices)
    kind = models.CharField(max_length=16, choices=MessageKind.choices, default=MessageKind.TEXT)
    # Of ours only.
    purpose = models.CharField(
        max_length=16, choices=MessagePurpose.choices, blank=True, default=""
    )
    status = models.CharField(max_length=16, choices=MessageStatus.choices)
    body = models.TextField(blank=True)
    # What else came along, or goes along: kinds and sizes of media, a place, a template's id and
    # its variables.
    details = models.JSONField(default=dict, blank=True)
    # Whose message it is where no lead is known, as the provider names the sender.
    sender = models.CharField(max_length=LONGEST_ADDRESS, blank=True, default="")
    sender_name = models.CharField(max_length=LONGEST_ADDRESS, blank=True, default="")
    # The provider's id of it.
    sid = models.CharField(max_length=LONGEST_SID, blank=True, default="")
    error_code = models.CharField(max_length=LONGEST_CODE, blank=True, default="")
    error = models.TextField(blank=True, default="")
    # A second attempt was made of which the first may have arrived too.
    may_be_double = models.BooleanField(default=False)
    turn = models.ForeignKey(Turn, models.SET_NULL, null=True, blank=True, related_name="messages")
    # Of an answer that was cut in several.
    part = models.PositiveSmallIntegerField(default=0)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When it was begun to be sent, and when its status was told last.
    sent_at = models.DateTimeField(null=True, blank=True)
    status_at = models.DateTimeField(null=True, blank=True)
    # When an unsettled one is looked up, or tried, next.
    look_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            # A conversation, in its order.
            models.Index(fields=["conversation", "created_at", "part"], name="message_in_order"),
            # The overview: first messages and follow-ups of the last days.
            models.Index(
                fields=["workspace", "-created_at"],
                condition=Q(purpose__in=["opener", "follow_up"]),
                name="message_unasked_newest",
            ),
            # ... and those of them that did not arrive, which are few.
            models.Index(
                fields=["workspace", "-created_at"],
                condition=Q(
                    purpose__in=["opener", "follow_up"],
                    status__in=["failed", "undelivered", "not_sent"],
                ),
                name="message_lost_newest",
            ),
            # What nobody is known to have written.
            models.Index(
                fields=["workspace", "-created_at"],
                condition=Q(conversation__isnull=True),
                name="message_of_stranger",
            ),
            # The worker: the few of which it is not known whether they were sent.
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="message_look_at"
            ),
        ]
        constraints = [
            # The same message is delivered more than once, and at the same moment.
            models.UniqueConstraint(
                fields=["workspace", "sid"], condition=~Q(sid=""), name="message_sid_unique"
            ),
            models.CheckConstraint(
                condition=Q(author__in=Author.values), name="message_author_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MessageKind.values), name="message_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=MessageStatus.values), name="message_status_known"
            ),
            models.CheckConstraint(
                condition=Q(author="lead", purpose="", status="received")
                | (~Q(author="lead") & Q(purpose__in=MessagePurpose.values)),
                name="message_of_ours_has_purpose",
            ),
            models.CheckConstraint(
                condition=Q(conversation__isnull=False) | Q(author="lead"),
                name="message_of_ours_has_conversation",
            ),
        ]

    def __str__(self):
        return f"message {self.id} ({self.status})"

    @property
    def is_inbound(self) -> bool:
        return self.author == Author.LEAD

    @property
    def thread(self) -> Conversation:
        """Return its conversation, which all have but those of unknown senders."""
        if self.conversation is None:
            raise LookupError("Nobody knows whose message it is.")
        return self.conversation


class MessageSweep(models.Model):
    """How far a provider's list of a workspace's messages was read: it delivers none a second time
    that it could not deliver at once.
    """

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="message_sweep")
    read_to = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="message_sweep_due")]

    def __str__(self):
        return f"sweep of {self.workspace_id}, read to {self.read_to}"
