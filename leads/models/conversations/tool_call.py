"""What the agent does for a lead in a conversation: its tool calls."""

from django.db import models
from django.utils import timezone

from leads.models.conversations.call import Call
from leads.models.conversations.conversation import Conversation
from leads.models.conversations.turn import Turn


class ToolCall(models.Model):
    """One thing that the assistant asked for in a conversation, and the answer that it got.

    The row is made before anything is done, so that of two deliveries one acts. While
    `answer` is empty it is being worked on; after `lease_until` another may take it over.
    """

    # Empty only in rows of the release before this one.
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, null=True, related_name="tool_calls"
    )
    # In which it was asked for, where the conversation is had by telephone.
    call = models.ForeignKey(Call, models.CASCADE, null=True, related_name="tool_calls")
    # ... or in which turn, where it is written; tool_call_id is then its place there: round, index.
    turn = models.ForeignKey(
        Turn, models.SET_NULL, null=True, blank=True, related_name="tool_calls"
    )
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
            models.UniqueConstraint(
                fields=["turn", "tool_call_id", "name", "arguments_digest"],
                name="tool_call_acts_once_in_turn",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.tool_call_id}"
