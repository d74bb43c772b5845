"""What a tool is answered with, and how times are said."""

from dataclasses import dataclass
from datetime import datetime

from coachbot.deadline import Deadline
from leads.agent.arguments import Arguments
from leads.models import Call
from workspaces.models import Outcome


@dataclass(frozen=True)
class Task:
    """One tool call to carry out: for which call, with what, until when."""

    call: Call
    arguments: Arguments
    deadline: Deadline


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
