"""What a tool is answered with, and how times are said."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from coachbot.deadline import Deadline
from leads.agent.arguments import Arguments
from leads.models import Conversation
from workspaces.models import Outcome


@dataclass(frozen=True)
class Words:
    """What tools say of the channel in which they are asked for.

    here: where the lead is talked with. end_politely, say_goodbye: how a conversation ends.
    not_again: what is promised to a lead that wants to be left alone.
    """

    here: str
    end_politely: str
    say_goodbye: str
    not_again: str


SPOKEN = Words(
    here="call",
    end_politely="end the call politely",
    say_goodbye="Say goodbye in one short sentence, then end the call.",
    not_again=(
        "Say that nobody of this business calls this number again, say sorry for the trouble, and "
        "end the call."
    ),
)
WRITTEN = Words(
    here="conversation",
    end_politely="say goodbye politely, without another question",
    say_goodbye="Say goodbye in one short sentence, without another question.",
    not_again=(
        "Say in one short sentence that nobody of this business writes to this number or calls it "
        "again, and that you are sorry for the trouble. Ask nothing."
    ),
)


@dataclass(frozen=True)
class Task:
    """One tool call to carry out: in which conversation, with what, until when.

    call_id: of ours, in which it was asked for; None where the conversation is a written one.
    """

    conversation: Conversation
    call_id: uuid.UUID | None
    arguments: Arguments
    deadline: Deadline

    @property
    def lead_id(self) -> uuid.UUID:
        return self.conversation.lead_id

    @property
    def words(self) -> Words:
        """Return how the channel is spoken of."""
        return WRITTEN if self.call_id is None else SPOKEN

    @property
    def workspace_id(self) -> int:
        return self.conversation.lead.workspace_id


@dataclass(frozen=True)
class Reply:
    """What the assistant is told, in words that it can pass on or act on.

    offered: the starts that it names as free.
    """

    text: str
    outcome: Outcome = Outcome.SUCCEEDED
    offered: tuple[datetime, ...] = ()


def refuse(text: str) -> Reply:
    """Return a reply that asks for something else."""
    return Reply(text, Outcome.REFUSED)


def fail(text: str) -> Reply:
    """Return a reply that says what could not be done."""
    return Reply(text, Outcome.FAILED)


def spoken(moment: datetime) -> str:
    """Return a moment as it is said, in its own zone."""
    return f"{moment:%A} {moment.day} {moment:%B %Y at %H:%M}"
