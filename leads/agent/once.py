"""Carrying a tool call out once, however often it is asked for: in a call, or in a turn."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from django.db import IntegrityError

from coachbot.db import leases
from coachbot.deadline import Deadline
from leads.agent.actions import ACTIONS
from leads.agent.arguments import Arguments, BadArgument
from leads.agent.replies import Reply, Task, refuse
from leads.models import Call, Conversation, ToolCall, Turn
from workspaces.log import record
from workspaces.models import LogKind, Workspace

# Vapi waits 20 seconds for a tool, unless it is told otherwise.
SECONDS = 16.0
LEASE = timedelta(seconds=25)
UNREADABLE = "The arguments are not a JSON object. Send them again as one."


@dataclass(frozen=True)
class Asked:
    """A tool call of the assistant's.

    within: the call or the turn in which it was asked for. id: what it is known by there; names
    and arguments tell apart what models number alike. arguments: None where they cannot be read.
    tool: the name of what is done, where the assistant calls it by another. offered: what the
    assistant can ask for.
    """

    workspace: Workspace
    conversation: Conversation
    within: Call | Turn
    id: str
    name: str
    arguments: Mapping[str, Any] | None
    digest: str
    offered: tuple[str, ...]
    tool: str = ""

    @property
    def known_by(self) -> dict[str, Any]:
        """Return what a repetition has in common with the first one."""
        kind = "call" if isinstance(self.within, Call) else "turn"
        return {
            kind: self.within,
            "tool_call_id": self.id,
            "name": self.name,
            "arguments_digest": self.digest,
        }

    @property
    def done_as(self) -> str:
        """Return the name of the tool that is carried out; "" for one that there is not."""
        return next((name for name in (self.name, self.tool) if name in self.offered), "")


def claim(asked: Asked) -> ToolCall | None:
    """Return the row of a tool call that is ours to carry out; None where it is another's, or
    done.
    """
    try:
        return ToolCall.objects.create(
            **asked.known_by, conversation=asked.conversation, lease_until=leases.until(LEASE)
        )
    except IntegrityError:
        abandoned = ToolCall.objects.filter(**asked.known_by, answer="")
        return ToolCall.objects.get(**asked.known_by) if leases.claim(abandoned, LEASE) else None


def first_answer(asked: Asked) -> str:
    """Return the answer that a tool call got when it was carried out, "" before that."""
    row = ToolCall.objects.filter(**asked.known_by).first()
    return row.answer if row else ""


def carry_out(row: ToolCall, asked: Asked, deadline: Deadline) -> str:
    """Do what a claimed tool call asks for, and keep the answer. Return it, as one line."""
    started = time.monotonic()
    try:
        reply = _reply(asked, deadline)
        row.answer = _one_line(reply.text)
        row.offered = [start.astimezone(UTC).isoformat() for start in reply.offered]
        row.save(update_fields=["answer", "offered"])
    except BaseException:
        ToolCall.objects.filter(pk=row.pk, answer="").delete()  # a repetition may act
        raise
    record.row(
        workspace_id=asked.workspace.pk,
        kind=LogKind.TOOL_CALL,
        code=code_of(asked.name or asked.tool),
        action=f"Tool {asked.name or asked.tool}",
        outcome=reply.outcome,
        duration=time.monotonic() - started,
        lead_id=asked.conversation.lead_id,
        request=asked.arguments,
        response=row.answer,
    )
    return row.answer


def code_of(name: str) -> str:
    """Return the code of a tool in the log; a language model may have made its name up."""
    return f"tool.{name}" if name in ACTIONS else "tool.unknown"


def no_such_tool(offered: tuple[str, ...]) -> Reply:
    """Return the answer to a tool call that there is not."""
    return refuse(f"There is no such tool. There are: {', '.join(offered)}.")


def _reply(asked: Asked, deadline: Deadline) -> Reply:
    if not asked.done_as:
        return no_such_tool(asked.offered)
    if asked.arguments is None:
        return refuse(UNREADABLE)
    country = asked.workspace.default_country
    call_id = asked.within.pk if isinstance(asked.within, Call) else None
    arguments = Arguments(asked.arguments, country)
    try:
        return ACTIONS[asked.done_as](Task(asked.conversation, call_id, arguments, deadline))
    except BadArgument as error:
        return refuse(str(error))


def _one_line(text: str) -> str:
    """Return text without line breaks, which Vapi does not read."""
    return re.sub(r"\s+", " ", text).strip()
