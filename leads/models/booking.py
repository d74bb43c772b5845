"""A lead's appointment."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leads.models.call import Call
from leads.models.conversation import Conversation
from leads.models.lead import Lead


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
    # Empty only in rows of the release before this one.
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, related_name="+")
    call = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="+")
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
