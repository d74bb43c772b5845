"""What a request to chat/completions says, read once."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class BadRequest(Exception):
    """400; `str()` is the message. param, code: as the error's body has them."""

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.param, self.code = param, code


@dataclass(frozen=True)
class Result:
    """What a tool answered in this turn."""

    name: str
    text: str


@dataclass(frozen=True)
class Chat:
    """A request: the model, what was said, and which tools there are."""

    model: str
    messages: Sequence[Mapping[str, Any]]
    tools: Mapping[str, Mapping[str, Any]]
    tool_choice: Any = "auto"

    @property
    def system(self) -> str:
        """The instructions."""
        return "\n".join(self._texts("system", "developer"))

    @property
    def said(self) -> list[str]:
        """All that the assistant wrote to the lead."""
        return [text for text in self._texts("assistant") if text.strip()]

    @property
    def asked(self) -> str:
        """What the lead wrote since the assistant wrote last."""
        start = max(
            (n + 1 for n, m in enumerate(self.messages) if _is_written(m)),
            default=0,
        )
        return "\n".join(text_of(m) for m in self.messages[start:] if m.get("role") == "user")

    @property
    def results(self) -> list[Result]:
        """What tools answered since the lead wrote last, in order."""
        places = [n for n, m in enumerate(self.messages) if m.get("role") == "user"]
        recent = self.messages[places[-1] + 1 :] if places else self.messages
        names = {
            call.get("id"): call.get("function", {}).get("name", "")
            for message in recent
            for call in message.get("tool_calls") or ()
        }
        return [
            Result(names.get(m.get("tool_call_id"), ""), text_of(m))
            for m in recent
            if m.get("role") == "tool"
        ]

    @property
    def everything(self) -> str:
        """All of it as one text."""
        return "\n".join(map(text_of, self.messages))

    def _texts(self, *roles: str) -> list[str]:
        return [text_of(m) for m in self.messages if m.get("role") in roles]


def text_of(message: Mapping[str, Any]) -> str:
    """The text of a message, whose content may be a list of parts."""
    content = message.get("content")
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def read(body: bytes | None) -> tuple[Chat, Mapping[str, Any]]:
    """A body in, the chat and the whole request out. Raises BadRequest as the server would."""
    try:
        wanted = json.loads(body or b"")
    except ValueError as error:
        raise BadRequest("We could not parse the JSON body of your request.") from error
    if not isinstance(wanted, dict) or not isinstance(wanted.get("model"), str):
        raise BadRequest("you must provide a model parameter")
    messages = wanted.get("messages")
    if not isinstance(messages, list) or not messages:
        raise BadRequest("Missing required parameter: 'messages'.", param="messages")
    if wanted.get("stream"):
        raise BadRequest("The sandbox does not stream.", param="stream")
    _require_answers(messages)
    tools = _tools(wanted.get("tools") or [])
    return Chat(wanted["model"], messages, tools, wanted.get("tool_choice", "auto")), wanted


def _is_written(message: Mapping[str, Any]) -> bool:
    is_ours = message.get("role") == "assistant" and not message.get("tool_calls")
    return is_ours and bool(text_of(message).strip())


def _tools(listed: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    tools = {}
    for place, tool in enumerate(listed):
        function = tool.get("function") or {}
        name = str(function.get("name") or "")
        if tool.get("type") != "function" or not TOOL_NAME.fullmatch(name):
            param = f"tools[{place}].function.name"
            raise BadRequest(f"Invalid '{param}'.", param=param, code="invalid_value")
        tools[name] = function
    return tools


def _require_answers(messages: Sequence[Mapping[str, Any]]) -> None:
    """Every tool call is answered before anything else is said, and nothing else is answered."""
    waiting: set[str] = set()
    for place, message in enumerate(messages):
        if message.get("role") == "tool":
            if message.get("tool_call_id") not in waiting:
                raise BadRequest(
                    "Invalid parameter: messages with role 'tool' must be a response to a "
                    "preceeding message with 'tool_calls'.",
                    param=f"messages.[{place}].role",
                )
            waiting.discard(message["tool_call_id"])
            continue
        if waiting:
            break
        waiting = {call["id"] for call in message.get("tool_calls") or ()}
    if waiting:
        raise BadRequest(
            "An assistant message with 'tool_calls' must be followed by tool messages responding "
            "to each 'tool_call_id'. The following tool_call_ids did not have response messages: "
            + ", ".join(sorted(waiting)),
            param="messages",
        )
