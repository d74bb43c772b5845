"""What is told to the systems of a workspace: to which endpoints, what, and how far that is."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from workspaces.models.workspace import Workspace

LONGEST_URL = 2_000


class EventType(models.TextChoices):
    """What is told. The words are the contract's (section 10): more may come, none changes."""

    LEAD_CREATED = "lead.created", "A lead came in"
    CALL_STARTED = "call.started", "A call began"
    CALL_ENDED = "call.ended", "A call is over"
    MESSAGE_RECEIVED = "message.received", "A lead wrote"
    MESSAGE_SENT = "message.sent", "A lead was written to"
    LEAD_BOOKED = "lead.booked", "A lead has booked"
    BOOKING_CHANGED = "booking.changed", "An appointment changed"
    LEAD_UNQUALIFIED = "lead.unqualified", "A lead does not qualify"
    LEAD_NEEDS_HUMAN = "lead.needs_human", "A lead needs a person"
    LEAD_OPTED_OUT = "lead.opted_out", "A lead is on the do-not-call list"
    LEAD_UNREACHED = "lead.unreached", "A lead was not reached"
    LEAD_DELETED = "lead.deleted", "A lead was erased"
    AGENT_TROUBLE = "agent.trouble", "The agent is in trouble"
    ENDPOINT_TEST = "endpoint.test", "A test"


class Off(models.TextChoices):
    """Why nothing is sent to an endpoint."""

    BY_HAND = "by_hand", "Switched off"
    GONE = "gone", "Its receiver answered 410 Gone"
    FAILING = "failing", "Nothing got through for three days"


class DeliveryState(models.TextChoices):
    """How far an event is on its way to an endpoint."""

    PENDING = "pending", "On its way"
    DELIVERED = "delivered", "Delivered"
    GIVEN_UP = "given_up", "Given up"
    DROPPED = "dropped", "Dropped: the lead was erased"


class WebhookEndpoint(models.Model):
    """Where a workspace wants to be told. webhooks.endpoints writes it, and what delivery counts.

    `sealed` holds the secret, and the one before it, by which is signed too until `former_until`.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="webhook_endpoints")
    url = models.CharField(max_length=LONGEST_URL)
    # EventTypes with commas between; empty means all, also those that are to come.
    types = models.CharField(max_length=400, blank=True)
    sealed = models.TextField()
    former_until = models.DateTimeField(null=True, blank=True)
    # Empty while it is on.
    off_because = models.CharField(max_length=8, choices=Off.choices, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)
    # Whether people were told that it went off by itself.
    off_told = models.BooleanField(default=True)
    # Attempts that failed since one got through: how many in a row, and since when.
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    # Until then nothing is sent, as it fails or asked for rest.
    rests_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "url"], name="webhook_url_unique"),
            models.CheckConstraint(
                condition=Q(url__regex=r"^https?://[^/?#@\s]+([/?#]\S*)?$"), name="webhook_url_form"
            ),
            models.CheckConstraint(
                condition=Q(types__regex=r"^([a-z]+\.[a-z_]+(,[a-z]+\.[a-z_]+)*)?$"),
                name="webhook_types_form",
            ),
            models.CheckConstraint(
                condition=Q(off_because="", off_at=None)
                | Q(off_because__in=Off.values, off_at__isnull=False),
                name="webhook_off_at_a_moment",
            ),
        ]

    def __str__(self):
        return f"webhook endpoint {self.pk}"

    @property
    def is_on(self) -> bool:
        return self.off_because == ""

    @property
    def is_failing(self) -> bool:
        return self.failing_since is not None

    @property
    def type_list(self) -> list[str]:
        """Return the types it is told of; none where it is told of all."""
        return self.types.split(",") if self.types else []

    def wants(self, kind: str) -> bool:
        """Return whether it is told of a type."""
        return not self.types or kind in self.type_list


class WebhookEvent(models.Model):
    """Something that happened, and the bytes that tell of it: each attempt sends the same.

    `lead_id` is no foreign key: what tells of a lead's erasure outlives it. `body` is empty once
    its lead is erased. webhooks.outbox writes it in the transaction of what it tells of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="webhook_events", db_index=False
    )
    type = models.CharField(max_length=32, choices=EventType.choices)
    lead_id = models.UUIDField(null=True, blank=True)
    # Counts what is told of a lead, from 1.
    sequence = models.PositiveIntegerField(null=True, blank=True)
    body = models.TextField(blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            # What was told since a moment; and what is old enough to be forgotten.
            models.Index(fields=["workspace", "created_at"], name="webhook_event_newest"),
            # All that one request told.
            models.Index(
                fields=["workspace", "request_id"],
                condition=~Q(request_id=""),
                name="webhook_event_of_request",
            ),
        ]
        constraints = [
            # Also finds what was told of a lead.
            models.UniqueConstraint(fields=["lead_id", "sequence"], name="webhook_event_in_order"),
            models.CheckConstraint(
                condition=Q(lead_id=None, sequence=None)
                # A comparison with NULL would pass.
                | Q(lead_id__isnull=False, sequence__isnull=False, sequence__gte=1),
                name="webhook_event_of_lead_counted",
            ),
            models.CheckConstraint(
                condition=Q(type__in=EventType.values), name="webhook_event_type_known"
            ),
        ]

    def __str__(self):
        return f"{self.type} ({self.webhook_id})"

    @property
    def webhook_id(self) -> str:
        """Return the id that receivers see: the same at each attempt."""
        return f"msg_{self.pk.hex}"


class WebhookDelivery(models.Model):
    """An event on its way to one endpoint. Only webhooks.delivery sends what is due."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, related_name="deliveries", db_index=False
    )
    event = models.ForeignKey(WebhookEvent, models.CASCADE, related_name="deliveries")
    # The event's.
    created_at = models.DateTimeField()
    # The event's: those of one lead go out in this order.
    lead_id = models.UUIDField(null=True, blank=True)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=12, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    # Attempts since it was asked for last; by hand it can be asked for again.
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    # Whoever sends it holds it until then.
    lease_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # The worker: what is due of an endpoint ...
            models.Index(
                fields=["endpoint", "due_at"],
                condition=Q(state="pending"),
                name="webhook_delivery_due",
            ),
            # ... and what comes before it.
            models.Index(
                fields=["endpoint", "lead_id", "sequence"],
                condition=Q(state="pending"),
                name="webhook_delivery_in_order",
            ),
            # The log: newest first, of a workspace and of an endpoint ...
            models.Index(
                fields=["workspace", "-created_at", "-id"], name="webhook_delivery_newest"
            ),
            models.Index(fields=["endpoint", "-created_at", "-id"], name="webhook_delivery_of"),
            # ... and of a lead, which also erases.
            models.Index(
                fields=["workspace", "lead_id", "-created_at", "-id"],
                condition=Q(lead_id__isnull=False),
                name="webhook_delivery_of_lead",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="webhook_delivery_once"),
            models.CheckConstraint(
                condition=Q(state="pending", ended_at=None)
                | Q(state__in=["delivered", "given_up", "dropped"], ended_at__isnull=False),
                name="webhook_delivery_ended_at_a_moment",
            ),
        ]

    def __str__(self):
        return f"delivery {self.pk} ({self.state})"

    @property
    def is_pending(self) -> bool:
        return self.state == DeliveryState.PENDING


class WebhookAttempt(models.Model):
    """One request to an endpoint, and what came back. It is not kept that one was only begun."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    # The beginning of the answer's body; a sentence where there was no answer.
    answer = models.TextField(blank=True)
    error = models.TextField(blank=True)

    def __str__(self):
        return f"attempt {self.pk}"

    @property
    def is_success(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300
