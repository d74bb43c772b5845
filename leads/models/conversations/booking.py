"""A lead's appointment, and what is heard of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leads.models.conversations.call import Call
from leads.models.conversations.conversation import Conversation
from leads.models.lead.lead import Lead
from workspaces.models import Workspace

LONGEST_UID = 120
LONGEST_NOTE = 700


class BookingStatus(models.TextChoices):
    """Where an appointment stands, by the calendar. While it is `open` nobody knows."""

    OPEN = "open"
    REQUESTED = "requested"  # the host has yet to confirm it
    MADE = "made"
    TO_BE_MOVED = "to_be_moved"  # the host asked for another time
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    NO_SHOW = "no_show"


# The lead has an appointment, or had one and it took its course.
STANDING = (BookingStatus.REQUESTED, BookingStatus.MADE)


class Booking(models.Model):
    """A lead's one appointment. Its id is sent along, so that a lost answer can be looked up.

    The row is made before Cal.com is asked and goes again where it refuses, so nobody is
    booked twice. `lease_until` says how long whoever books, or looks it up, may take.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.OneToOneField(Lead, models.CASCADE, related_name="booking")
    # Empty where it was made by hand, and in rows of older releases.
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, related_name="+")
    call = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.CharField(
        max_length=16, choices=BookingStatus.choices, default=BookingStatus.OPEN
    )
    start = models.DateTimeField()
    # When it was to begin before it was moved last.
    former_start = models.DateTimeField(null=True, blank=True)
    # Cal.com's id of it, which is another one once it is moved; the iCal one stays.
    uid = models.CharField(max_length=LONGEST_UID, blank=True)
    ical_uid = models.CharField(max_length=LONGEST_UID, blank=True, default="", db_default="")
    # The id of which a webhook said that the host asks for another time: no look-up tells it.
    moving_uid = models.CharField(max_length=LONGEST_UID, blank=True, default="", db_default="")
    # Who called it off and why, as Cal.com tells it.
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="", db_default="")
    changed_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField()
    sent_at = models.DateTimeField(default=timezone.now)
    # When Cal.com is asked about it again; empty where it has taken its course.
    look_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [
            # Settling: the few bookings of which nobody can say whether they were made.
            models.Index(
                fields=["lease_until"], condition=Q(status="open"), name="booking_not_known"
            ),
            # Looking up: those that are due.
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="booking_look_at"
            ),
            # Webhooks: whose booking it is.
            models.Index(fields=["uid"], condition=~Q(uid=""), name="booking_uid"),
            models.Index(fields=["ical_uid"], condition=~Q(ical_uid=""), name="booking_ical_uid"),
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

    @property
    def is_standing(self) -> bool:
        return self.status in STANDING


class BookingHint(models.Model):
    """What Cal.com told of a booking, or a list of its changes: that it is to be looked up.

    It stays for a while once it is done, so that a repetition is known as one.
    """

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="booking_hints", db_index=False
    )
    # The same for each delivery of one event.
    digest = models.CharField(max_length=64)
    trigger = models.CharField(max_length=48)
    uid = models.CharField(max_length=LONGEST_UID, blank=True)
    reschedule_uid = models.CharField(max_length=LONGEST_UID, blank=True)
    ical_uid = models.CharField(max_length=LONGEST_UID, blank=True)
    # Ours, of its metadata: of a booking's row, and of a lead.
    named_booking = models.UUIDField(null=True, blank=True)
    named_lead = models.UUIDField(null=True, blank=True)
    asks_to_move = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Empty once it is done.
    due_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            # The worker: the few that are to be looked into, of all workspaces.
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="booking_hint_due"
            ),
            # Forgetting.
            models.Index(fields=["created_at"], name="booking_hint_created"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "digest"], name="booking_hint_once"),
        ]

    def __str__(self):
        return f"{self.trigger} of {self.uid}"


class CalendarSweep(models.Model):
    """How far the list of a workspace's changed bookings was read, and when it is read again."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="calendar_sweep")
    read_to = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="calendar_sweep_due")]

    def __str__(self):
        return f"sweep of {self.workspace_id}, read to {self.read_to}"
