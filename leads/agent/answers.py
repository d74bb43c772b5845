"""Each tool call is carried out once and answered, however often it is delivered."""

import logging
import re
import time
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from django.db import IntegrityError

from coachbot.db import connections, leases
from coachbot.deadline import Deadline
from coachbot.providers import limits
from coachbot.providers.vapi.events import CallNews, ToolCalls
from coachbot.providers.vapi.tool_calls import TOOL_NAMES, ToolRequest
from leads.agent.actions import ACTIONS
from leads.agent.arguments import Arguments, BadArgument
from leads.agent.replies import Reply, Task, refuse
from leads.calls import events, place
from leads.models import Call, ToolCall
from workspaces.log import record
from workspaces.models import LogKind, Outcome

logger = logging.getLogger(__name__)

# Vapi waits 20 seconds for a tool, unless it is told otherwise.
SECONDS = 16.0
LEASE = timedelta(seconds=25)
PAUSE = 0.1
UNKNOWN_CALL = "This call is not known to Coachbot. Apologise, and say goodbye."
NOT_A_LEAD = (
    "Nothing was done: the caller's number is not known here. Answer what you can, and ask the "
    "caller to write in by the form on our website."
)
UNREADABLE = "The arguments are not a JSON object. Send them again as one."
STILL_WORKING = "This is still being worked on. Wait a moment, then ask again."


@dataclass(frozen=True)
class Answer:
    """What goes back to Vapi for one tool call. text: one line."""

    tool_call_id: str
    name: str
    text: str


def answer_tool_calls(workspace_id: int, event: ToolCalls, *, tool: str = "") -> list[Answer]:
    """Carry out what a message asks for, in its order. Return an answer to each.

    tool: the name in the URL, for an assistant that calls it by another.
    """
    deadline = Deadline(SECONDS)
    try:
        call = events.find_call(workspace_id, event.ids)
        # Somebody talks, whether or not the message that said so arrived.
        talking = CallNews(event.ids, "tool-calls", "in-progress", picked_up_at=event.at)
        call = events.apply_news(call, talking)
    except events.UnknownCaller:
        return [Answer(request.answer_id, request.name, NOT_A_LEAD) for request in event.requests]
    except events.NoSuchCall as error:
        return [_refuse_unknown(workspace_id, request, error) for request in event.requests]
    return [_answer(call, request, tool, deadline) for request in event.requests]


def _answer(call: Call, request: ToolRequest, tool: str, deadline: Deadline) -> Answer:
    name = request.name or tool
    if not deadline.remaining():  # the calls before it in the message took all of the time
        return Answer(request.answer_id, name, STILL_WORKING)
    row = _claim(call, request)
    text = (
        _carry_out(row, call, request, tool, deadline)
        if row
        else _await_first(call, request, deadline)
    )
    return Answer(request.answer_id, name, text)


def _claim(call: Call, request: ToolRequest) -> ToolCall | None:
    """Return the row of a tool call that is ours to carry out; None where it is another's."""
    ids = _ids(call, request)
    try:
        return ToolCall.objects.create(
            **ids, conversation=place.conversation_of(call), lease_until=leases.until(LEASE)
        )
    except IntegrityError:
        abandoned = ToolCall.objects.filter(**ids, answer="")
        return ToolCall.objects.get(**ids) if leases.claim(abandoned, LEASE) else None


def _ids(call: Call, request: ToolRequest) -> dict[str, Any]:
    """Return what a repetition has in common with the first delivery."""
    return {
        "call": call,
        "tool_call_id": request.id,
        "name": request.name,
        "arguments_digest": request.arguments_digest,
    }


def _await_first(call: Call, request: ToolRequest, deadline: Deadline) -> str:
    """Return the answer that another delivery of the same tool call got, or waits for."""
    if answer := _first_answer(call, request):
        return answer
    try:
        # What takes long is the calendar, so this is one more thread that waits for it.
        with limits.CALCOM.hold(call.workspace_id):
            while connections.pause(deadline, PAUSE):
                if answer := _first_answer(call, request):
                    return answer
    except limits.Busy:
        pass
    return STILL_WORKING


def _first_answer(call: Call, request: ToolRequest) -> str:
    row = ToolCall.objects.filter(**_ids(call, request)).first()
    return row.answer if row else ""


def _carry_out(
    row: ToolCall, call: Call, request: ToolRequest, tool: str, deadline: Deadline
) -> str:
    started = time.monotonic()
    try:
        reply = _reply(call, request, tool, deadline)
        row.answer = _one_line(reply.text)
        row.offered = [start.astimezone(UTC).isoformat() for start in reply.offered]
        row.save(update_fields=["answer", "offered"])
    except BaseException:
        ToolCall.objects.filter(pk=row.pk, answer="").delete()  # a repetition may act
        raise
    record.row(
        workspace_id=call.workspace_id,
        kind=LogKind.TOOL_CALL,
        code=_code(request.name or tool),
        action=f"Tool {request.name or tool}",
        outcome=reply.outcome,
        duration=time.monotonic() - started,
        lead_id=call.lead_id,
        request=request.arguments,
        response=row.answer,
    )
    return row.answer


def _reply(call: Call, request: ToolRequest, tool: str, deadline: Deadline) -> Reply:
    action = ACTIONS.get(request.name) or ACTIONS.get(tool)
    if action is None:
        return refuse(f"There is no such tool. There are: {', '.join(TOOL_NAMES)}.")
    if request.arguments is None:
        return refuse(UNREADABLE)
    try:
        country = call.workspace.default_country
        return action(
            Task(
                place.conversation_of(call),
                call.pk,
                Arguments(request.arguments, country),
                deadline,
            )
        )
    except BadArgument as error:
        return refuse(str(error))


def _refuse_unknown(workspace_id: int, request: ToolRequest, error: Exception) -> Answer:
    record.row(
        workspace_id=workspace_id,
        kind=LogKind.TOOL_CALL,
        code=_code(request.name),
        action=f"Tool {request.name}",
        outcome=Outcome.REFUSED,
        error=str(error),  # and not what was said: there is no lead to erase it with
    )
    return Answer(request.answer_id, request.name, UNKNOWN_CALL)


def _code(name: str) -> str:
    """Return the code of a tool in the log; a language model may have made its name up."""
    return f"tool.{name}" if name in TOOL_NAMES else "tool.unknown"


def _one_line(text: str) -> str:
    """Return text without line breaks, which Vapi does not read."""
    return re.sub(r"\s+", " ", text).strip()
