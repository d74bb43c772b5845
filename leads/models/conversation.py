"""What the agent does for a lead during a call: its tool calls, and the appointment."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leads.models.call import Call
from leads.models.lead import Lead


class ToolCall(models.Model):
    """One thing that the assistant asked for during a call, and the answer that it got.

    The row is made before anything is done, so that of two deliveries one acts. While
    `answer` is empty it is being worked on; after `lease_until` another may take it over.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="tool_calls")
    tool_call_id = models.CharField(max_length=120)
    name = models.CharField(max_length=80)
    # Empty only in rows of releases before 0.2.
    arguments_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    answer = models.TextField(blank=True)
    # The starts that the answer named as free, in UTC: only these can be booked.
    offered = models.JSONField(default=list, blank=True)
    lease_until = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            # Ids start again with each turn of some models.
            models.UniqueConstraint(
                fields=["call", "tool_call_id", "name", "arguments_digest"],
                name="tool_call_acts_once_as_asked",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.tool_call_id}"


class BookingStatus(models.TextChoices):
    """Whether an appointment is known to be in the calendar."""

    OPEN = "open"
    MADE = "made"


class Booking(models.Model):
    """A lead's one appointment. Its id is sent along, so that a lost answer can be looked up.

    The row is made before Cal.com is asked and goes again where it refuses, so nobody is
    booked twice. While it is `open`, `lease_until` says how long whoever books may take.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.OneToOneField(Lead, models.CASCADE, related_name="booking")
    call = models.ForeignKey(Call, models.CASCADE, related_name="+")
    status = models.CharField(
        max_length=8, choices=BookingStatus.choices, default=BookingStatus.OPEN
    )
    start = models.DateTimeField()
    uid = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            # Settling: the few bookings of which nobody can say whether they were made.
            models.Index(
                fields=["lease_until"], condition=Q(status="open"), name="booking_not_known"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=BookingStatus.values), name="booking_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="open") | ~Q(uid=""), name="booking_made_has_uid"
            ),
        ]

    def __str__(self):
        return f"booking {self.id} ({self.status})"
