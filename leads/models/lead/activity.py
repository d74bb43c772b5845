"""What members did with a lead, and what they noted about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from leads.models.lead.lead import Lead

LONGEST_TEXT = 4_000
LONGEST_NAME = 254  # of an e-mail address


class ActivityCode(models.TextChoices):
    """What a member did."""

    TAKEN_OVER = "taken_over"
    HANDED_BACK = "handed_back"
    ASSIGNED = "assigned"
    CLOSED = "closed"
    REOPENED = "reopened"
    NOTED = "noted"
    NEXT_STEP_SET = "next_step_set"
    NEXT_STEP_DONE = "next_step_done"
    CALLED = "called"
    WROTE = "wrote"
    FOLLOW_UP_STOPPED = "follow_up_stopped"
    ATTEMPT_SKIPPED = "attempt_skipped"
    CALLBACK_PLANNED = "callback_planned"


class Activity(models.Model):
    """One thing that a member did with a lead; a note is one of them. Goes with its lead.

    The log tells of it too, but is kept for a shorter time. `before` and `after` say from what to
    what: the e-mail of an owner, the code of an end, the day of a next step.
    """

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="activities")
    code = models.CharField(max_length=24, choices=ActivityCode.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Still there when the author's account is gone.
    author_name = models.CharField(max_length=LONGEST_NAME)
    before = models.CharField(max_length=LONGEST_NAME, blank=True)
    after = models.CharField(max_length=LONGEST_NAME, blank=True)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=Q(code__in=ActivityCode.values), name="activity_code_known"
            ),
            models.CheckConstraint(
                condition=~Q(code="noted") | ~Q(text=""), name="activity_note_has_text"
            ),
        ]

    def __str__(self):
        return f"{self.code} by {self.author_name}"
