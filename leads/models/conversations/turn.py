"""The turns in which the agent answers what a lead wrote."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leads.models.conversations.conversation import Conversation

LONGEST_CODE = 64


class TurnStage(models.TextChoices):
    """How far the agent is with an answer."""

    THINKING = "thinking"
    READY = "ready"  # the text stands: the model is never asked again
    DONE = "done"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"  # a newer message, a person or STOP came between


class Turn(models.Model):
    """The agent's answer to what a lead wrote in one go: it is thought of once, and sent once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="turns")
    stage = models.CharField(max_length=16, choices=TurnStage.choices, default=TurnStage.THINKING)
    # The moment up to which messages are answered by it.
    through = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # How often a newer message made it begin again.
    restarts = models.PositiveSmallIntegerField(default=0)
    rounds = models.PositiveSmallIntegerField(default=0)
    tokens = models.PositiveIntegerField(default=0)
    # What the model was asked and said beyond the text: its own tool calls, for the next round.
    exchange = models.JSONField(default=list, blank=True)
    # Why it was given up or dropped: a code.
    fault = models.CharField(max_length=LONGEST_CODE, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=TurnStage.values), name="turn_stage_known"
            ),
            # Answers go out in order, one after the other.
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(stage__in=["thinking", "ready"]),
                name="turn_one_open",
            ),
        ]

    def __str__(self):
        return f"turn {self.id} ({self.stage})"
