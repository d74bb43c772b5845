"""What a tool is answered with, and how times are said."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from coachbot.deadline import Deadline
from leads.agent.arguments import Arguments
from leads.models import Conversation
from workspaces.models import Outcome


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
