"""Each tool call is carried out once and answered, however often it is delivered."""

from dataclasses import dataclass

from coachbot.db import connections
from coachbot.deadline import Deadline
from coachbot.providers import limits
from coachbot.providers.vapi.events import CallNews, ToolCalls
from coachbot.providers.vapi.tool_calls import TOOL_NAMES, ToolRequest
from leads.agent import once
from leads.agent.once import SECONDS, UNREADABLE, Asked
from leads.calls import events, person
from leads.models import Call
from workspaces.log import record
from workspaces.models import LogKind, Outcome

__all__ = ["UNREADABLE", "Answer", "answer_tool_calls"]

PAUSE = 0.1
UNKNOWN_CALL = "This call is not known to Coachbot. Apologise, and say goodbye."
NOT_A_LEAD = (
    "Nothing was done: the caller's number is not known here. Answer what you can, and ask the "
    "caller to write in by the form on our website."
)
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
    asked = _asked(call, request, tool)
    row = once.claim(asked)
    text = once.carry_out(row, asked, deadline) if row else _await_first(asked, deadline)
    return Answer(request.answer_id, name, text)


def _asked(call: Call, request: ToolRequest, tool: str) -> Asked:
    return Asked(
        workspace=call.workspace,
        conversation=person.conversation_of(call),
        within=call,
        id=request.id,
        name=request.name,
        arguments=request.arguments,
        digest=request.arguments_digest,
        offered=TOOL_NAMES,
        tool=tool,
    )


def _await_first(asked: Asked, deadline: Deadline) -> str:
    """Return the answer that another delivery of the same tool call got, or waits for."""
    if answer := once.first_answer(asked):
        return answer
    try:
        # What takes long is the calendar, so this is one more thread that waits for it.
        with limits.CALCOM.hold(asked.workspace.pk):
            while connections.pause(deadline, PAUSE):
                if answer := once.first_answer(asked):
                    return answer
    except limits.Busy:
        pass
    return STILL_WORKING


def _refuse_unknown(workspace_id: int, request: ToolRequest, error: Exception) -> Answer:
    record.row(
        workspace_id=workspace_id,
        kind=LogKind.TOOL_CALL,
        code=once.code_of(request.name),
        action=f"Tool {request.name}",
        outcome=Outcome.REFUSED,
        error=str(error),  # and not what was said: there is no lead to erase it with
    )
    return Answer(request.answer_id, request.name, UNKNOWN_CALL)
