"""What the agent is about to do in a conversation, in a sentence for people."""

from datetime import datetime, timedelta

from leads.messages.turns import failing
from leads.messages.turns.answering import DAY_TOKENS
from leads.models import Conversation, Turn, TurnStage

# A turn that takes longer than this waits for something.
SOON = timedelta(seconds=30)
BY_NOW = (
    "The agent has used up its tokens of the day. It answers after 00:00 UTC, or once the limit is "
    "raised in the settings."
)


def sentence(conversation: Conversation | None, now: datetime) -> str:
    """Return why a lead is still waiting for the agent's answer; "" where it is not, or is
    answered just now.
    """
    if conversation is None or conversation.due_at is None:
        return ""
    turn: Turn | None = conversation.turns.filter(stage=TurnStage.THINKING).first()
    if turn is None or not turn.fault:
        return ""
    if turn.fault == DAY_TOKENS:
        return BY_NOW
    left = conversation.due_at - now
    when = "soon" if left <= SOON else f"in {round(left / timedelta(minutes=1)) or 1} min"
    return f"{failing.why(turn.fault)} It tries again {when}."
