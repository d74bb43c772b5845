"""The tool calls in one of Vapi's messages, in any of the five shapes that were seen
(docs/providers/vapi.md, section 7).

A  {id, type, function: {name, arguments: "<JSON>"}}
B  the same with `arguments` as an object; the list may come as `toolCalls` too
C  {id, name, parameters: {...}}
D  {id, name, arguments: {...}}, or inside `toolWithToolCallList[].toolCall`
E  the older `function-call`: message.functionCall = {name, parameters}, without an id
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coachbot.db.storable import storable
from coachbot.nesting import is_too_deep

# What an assistant can be given as tools. The names are part of the URLs.
TOOL_NAMES = (
    "updateLeadProfile",
    "listSlots",
    "bookConsult",
    "scheduleCallback",
    "markUnqualified",
    "escalateToHuman",
    "optOut",
    "endConversation",
)
MOST_CALLS = 20
LONGEST_ID = 120
LONGEST_NAME = 80


@dataclass(frozen=True)
class ToolRequest:
    """One tool call. answer_id: the id to answer with, exactly as it came.

    arguments: None where they cannot be read. A repetition is known by the id together with name
    and arguments: several models number the calls of each turn anew, `call_0`, `call_1`.
    """

    id: str
    answer_id: str
    name: str
    arguments: Mapping[str, Any] | None

    @property
    def arguments_digest(self) -> str:
        """Return what stands for the arguments, in any order of their keys."""
        text = json.dumps(self.arguments, sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def tool_requests(message: Mapping[str, Any]) -> tuple[ToolRequest, ...]:
    """Return a message's tool calls, in its order."""
    requests = [_request(item, message) for item in _items(message)]
    return tuple(requests[:MOST_CALLS])


def _items(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    listed = message.get("toolCallList") or message.get("toolCalls")
    if isinstance(listed, list) and listed:
        yield from (item for item in listed if isinstance(item, dict))
    elif isinstance(message.get("toolWithToolCallList"), list):
        for tool in message["toolWithToolCallList"]:
            if isinstance(tool, dict) and isinstance(tool.get("toolCall"), dict):
                yield {"name": _name_of(tool), **tool["toolCall"]}
    elif isinstance(message.get("functionCall"), dict):
        yield message["functionCall"]


def _request(item: Mapping[str, Any], message: Mapping[str, Any]) -> ToolRequest:
    name, arguments = _name_of(item), _arguments_of(item)
    answer_id = sent if isinstance(sent := item.get("id"), str) else ""
    known_by = storable(answer_id) or _fingerprint(name, arguments, message)
    if len(known_by) > LONGEST_ID:
        known_by = hashlib.sha256(known_by.encode()).hexdigest()
    return ToolRequest(known_by, answer_id, name, arguments)


def _name_of(item: Mapping[str, Any]) -> str:
    function = item.get("function")
    name = function.get("name") if isinstance(function, dict) else None
    name = name or item.get("name")
    return storable(name).strip()[:LONGEST_NAME] if isinstance(name, str) else ""


def _arguments_of(item: Mapping[str, Any]) -> Mapping[str, Any] | None:
    function = item.get("function")
    for holder in (function if isinstance(function, dict) else {}, item):
        for field in ("arguments", "parameters"):
            if holder.get(field) is not None:
                return _read(holder[field])
    return {}


def _read(arguments: Any) -> Mapping[str, Any] | None:
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments or "{}", parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            return None
    if arguments is None:  # the text "null", which some models write for none
        return {}
    return arguments if isinstance(arguments, dict) and not is_too_deep(arguments) else None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _fingerprint(name: str, arguments: Mapping[str, Any] | None, message: Mapping[str, Any]) -> str:
    """Return what stands for an id where none came: what was asked, and when."""
    asked = json.dumps([name, arguments, message.get("timestamp")], sort_keys=True, default=str)
    return hashlib.sha256(asked.encode()).hexdigest()
