"""GET, POST and PATCH of function tools. An org begins with none."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from coachbot.sandbox.clock import iso
from coachbot.sandbox.messages import Reply, Request, json_reply
from coachbot.sandbox.vapi import listing, rules, validation
from coachbot.sandbox.vapi.calls import Store
from coachbot.sandbox.vapi.errors import refusal
from coachbot.sandbox.vapi.memory import Written
from coachbot.sandbox.vapi.placed import org_of
from coachbot.sandbox.vapi.resources.bodies import read_object

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def _name(path: str, value: Any) -> Iterator[str]:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        yield f"{path} must match /^[a-zA-Z0-9_-]{{1,64}}$/ regular expression"


_PARTS = {
    "async": rules.boolean,
    "server": validation.SERVER,
    "messages": rules.each(rules.any_object),
    "parameters": rules.each(rules.any_object),
    "rejectionPlan": rules.any_object,
    "variableExtractionPlan": rules.any_object,
    "function": rules.fields(
        {
            "name": _name,
            "description": rules.text(1000),
            "parameters": rules.any_object,
            "strict": rules.boolean,
        },
        required=("name",),
    ),
}
_POST = rules.fields({**_PARTS, "type": rules.one_of(("function",))}, required=("type",))
# `type` cannot be changed once a tool is made.
_PATCH = rules.fields(_PARTS)


def list_tools(request: Request, store: Store) -> Reply:
    """GET /tool?limit=: the tools of the org, newest first, as a bare array."""
    if problems := listing.query_problems(request.query, allowed=("limit",)):
        return refusal(400, problems)
    return json_reply(store.resources.tools(request.key)[: listing.limit_of(request.query)])


def show_tool(request: Request, store: Store, tool_id: str) -> Reply:
    """GET /tool/{id}: the tool, or 404."""
    tool = store.resources.tool(request.key, tool_id)
    return json_reply(tool) if tool else _missing(tool_id)


def create_tool(request: Request, store: Store) -> Reply:
    """POST /tool: 201 with the tool."""
    parts = read_object(request)
    if problems := [*_POST("", parts)]:
        return refusal(400, problems)
    now = iso(store.now())
    made = {"id": str(uuid.uuid4()), "orgId": org_of(request.key), "createdAt": now}
    tool = {**made, "updatedAt": now, **parts}
    store.resources.set_tool(request.key, tool)
    store.resources.note(request.key, Written("POST", request.path, parts))
    return json_reply(tool, 201)


def change_tool(request: Request, store: Store, tool_id: str) -> Reply:
    """PATCH /tool/{id}: each part that is given replaces that part whole."""
    tool = store.resources.tool(request.key, tool_id)
    if tool is None:
        return _missing(tool_id)
    parts = read_object(request)
    if problems := [*_PATCH("", parts)]:
        return refusal(400, problems)
    changed = {**tool, **parts, "updatedAt": iso(store.now())}
    changed = {name: value for name, value in changed.items() if value is not None}
    store.resources.set_tool(request.key, changed)
    store.resources.note(request.key, Written("PATCH", request.path, parts))
    return json_reply(changed)


def _missing(tool_id: str) -> Reply:
    return refusal(404, f"Tool `{tool_id}` does not exist.")
