"""A written conversation as the page of its lead shows it: messages, and what happened between
them, in the order of time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from coachbot.visible import is_blank
from leads.models import (
    Activity,
    ActivityCode,
    Author,
    Conversation,
    Lead,
    Message,
    MessageKind,
    MessagePurpose,
    ToolCall,
)
from leads.reading.lead import activity_words
from leads.reading.lead.marks import DOUBLE, Mark, mark_of
from leads.reading.lead.timeline import TITLES
from leads.snapshot import written

# Of older ones the transcript of the API tells.
MOST_MESSAGES = 300
AGENT = "Agent"
SOMEBODY = "Somebody who is no member any more"
EMPTY = "A message without a text"
# What members did, as far as it explains who writes.
SHOWN = (
    *(ActivityCode.NOTED, ActivityCode.TAKEN_OVER, ActivityCode.HANDED_BACK),
    *(ActivityCode.CLOSED, ActivityCode.REOPENED),
)
# Of messages that were not thought of just then.
PURPOSES = {
    MessagePurpose.OPENER: "First message",
    MessagePurpose.FOLLOW_UP: "Follow-up",
    MessagePurpose.FALLBACK: "Sent as the agent had no answer",
    MessagePurpose.OPT_OUT: "Confirmation of the opt-out",
}


@dataclass(frozen=True)
class Bubble:
    """A message. side: `lead`, `agent` or `person`. kind: what it is, "" for text.

    more: what is said beside it, in sentences.
    """

    author: str
    side: str
    kind: str
    text: str
    mark: Mark | None
    more: Sequence[str] = ()


@dataclass(frozen=True)
class Entry:
    """A message, or what happened: `title` and `detail`. key: tells it from all others.

    day: set on the first one of a day.
    """

    at: datetime
    key: str
    bubble: Bubble | None = None
    title: str = ""
    detail: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Thread:
    """What was written. has_more: whether there are earlier messages that are not shown."""

    entries: Sequence[Entry]
    has_more: bool = False


def read_thread(
    lead: Lead, conversation: Conversation | None, activities: Iterable[Activity]
) -> Thread:
    """Return the conversation with a lead; None where there is none yet. activities: the lead's."""
    messages = _latest(conversation) if conversation else []
    shown = messages[-MOST_MESSAGES:]
    has_more = len(messages) > MOST_MESSAGES
    events = [*_of_activities(activities), *_of_tools(conversation)]
    if has_more:
        events = [event for event in events if event.at >= shown[0].created_at]
    entries = [*(_of_message(message, lead) for message in shown), *events]
    return Thread(list(_with_days(sorted(entries, key=lambda entry: entry.at))), has_more)


def _latest(conversation: Conversation) -> list[Message]:
    """Return the latest messages in their order, one more than are shown."""
    rows = conversation.messages.in_order().reverse().select_related("member")
    return list(reversed(rows[: MOST_MESSAGES + 1]))


def _of_message(message: Message, lead: Lead) -> Entry:
    is_template = message.kind == MessageKind.TEMPLATE and message.body
    kind = "" if is_template else written.KINDS.get(MessageKind(message.kind), "")
    bubble = Bubble(
        author=_author(message, lead),
        side=message.author,
        kind=kind or ("button" if message.kind == MessageKind.BUTTON else ""),
        text=_text(message, kind),
        mark=mark_of(message, lead),
        more=list(_more(message)),
    )
    return Entry(message.created_at, f"message-{message.pk}", bubble)


def _author(message: Message, lead: Lead) -> str:
    if message.author == Author.LEAD:
        return lead.plain_name
    if message.author == Author.AGENT:
        return AGENT
    return message.member.email if message.member else SOMEBODY


def _text(message: Message, kind: str) -> str:
    """Return its words; of what is no text, what is known of it."""
    text = message.body or written.more_of(message)
    return text if kind or not is_blank(text) else EMPTY


def _more(message: Message) -> Iterator[str]:
    if message.purpose in PURPOSES:
        yield PURPOSES[MessagePurpose(message.purpose)]
    if message.may_be_double:
        yield DOUBLE


def _of_activities(activities: Iterable[Activity]) -> Iterator[Entry]:
    for activity in activities:
        if activity.code in SHOWN:
            title, text = activity_words.title(activity), activity_words.detail(activity)
            yield Entry(activity.created_at, f"activity-{activity.pk}", title=title, detail=text)


def _of_tools(conversation: Conversation | None) -> Iterator[Entry]:
    if conversation is None:
        return
    for call in conversation.tool_calls.only("name", "created_at").order_by("created_at", "pk"):
        yield Entry(call.created_at, f"tool-{call.pk}", title=_tool(call))


def _tool(call: ToolCall) -> str:
    return TITLES.get(f"tool.{call.name}", f"The agent used {call.name}")


def _with_days(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield entries, the first of each day in the current time zone with that day."""
    last = None
    for entry in entries:
        day = timezone.localtime(entry.at).date()
        yield replace(entry, day=day) if day != last else entry
        last = day
