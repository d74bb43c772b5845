"""What a member may write to a lead now, and until when: the part of its page where one writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.messages import window
from leads.messages.templates import Which
from leads.messages.turns import standing
from leads.models import Conversation, Lead
from leads.operators import writing

LABELS = {Which.OPENER: "Send the first message", Which.FOLLOW_UP: "Send the follow-up"}
NEVER_WROTE = "The lead has not written yet, so WhatsApp takes approved templates only."
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Composing:
    """why_not: the sentence that says why nothing may be written, "" where something may.

    is_open: whether that may be anything; until: the window's end, also where it is over; left:
    how long it is open still, as in `3 h 12 min`. templates: what may be sent instead, as value and
    label; why_templates: why only those. agent_waits: why the agent has not answered yet.
    """

    why_not: str
    is_open: bool
    until: datetime | None
    left: str
    templates: Sequence[tuple[str, str]]
    why_templates: str
    agent_waits: str
    longest: int = writing.LONGEST


def read_composing(lead: Lead, conversation: Conversation | None, now: datetime) -> Composing:
    """Return what may be written to a lead at a moment; None of a conversation: there is none."""
    until = conversation.window_until if conversation else None
    is_open = conversation is not None and window.is_open(conversation, now)
    why = "" if is_open else writing.WINDOW_CLOSED if until else NEVER_WROTE
    return Composing(
        why_not=writing.why_not_write(lead),
        is_open=is_open,
        until=until,
        left=in_words(until - now) if until and is_open else "",
        templates=[(str(which), LABELS[which]) for which in writing.templates_of(lead.workspace)],
        why_templates=why,
        agent_waits=standing.sentence(conversation, now),
    )


def in_words(left: timedelta) -> str:
    """Return a length of time as a countdown says it: `3 h 12 min`, `12 min`, `less than 1 min`.
    static/coachbot/conversation.js says it in the same words.
    """
    hours, minutes = divmod(left // MINUTE, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else "less than 1 min"
