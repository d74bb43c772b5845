"""An answer of a language model, made one shape: services that are asked alike answer unlike.

docs/providers/openai.md (section 3) has what was seen.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coachbot.db.storable import storable
from coachbot.nesting import is_too_deep
from coachbot.providers.exchange import Answer
from coachbot.providers.openai.errors import Unreadable
from coachbot.providers.reading import fields, items, text

LONGEST_ID = 64
LONGEST_NAME = 64
LONGEST_TEXT = 64 * 1024
MOST_TOOLS = 32
MOST_TOKENS = 10_000_000
# A token is about so many characters of English; for services that do not count.
CHARACTERS_OF_A_TOKEN = 4


@dataclass(frozen=True)
class ToolWish:
    """A tool that the model wants to use. id: ours where the service's is none, or not its own.

    arguments: None where they cannot be read. raw: as they came.
    """

    id: str
    name: str
    arguments: Mapping[str, Any] | None
    raw: str


@dataclass(frozen=True)
class Completion:
    """What the model answers. finish: `stop`, `length` or `content_filter`; tools say for
    themselves that it wants some. refusal: its words where it declines.

    echo: its message as it has to stand before the answers of its tools in the next question.
    """

    text: str
    tools: tuple[ToolWish, ...]
    finish: str
    refusal: str
    prompt_tokens: int
    completion_tokens: int
    echo: Mapping[str, Any] = field(repr=False)


def read_completion(answer: Answer, messages: Sequence[Mapping[str, Any]]) -> Completion:
    """Return the answer to a question. messages: the question's. Raises Unreadable."""
    body = fields(answer.json())
    choice = next((fields(one) for one in items(body.get("choices")) if fields(one)), {})
    message = choice.get("message")
    if not isinstance(message, dict):
        raise Unreadable(
            f"The language model's answer ({answer.status}) holds no message.",
            status=answer.status,
            response=answer.text,
        )
    said = _said(message.get("content"))
    tools = _wishes(message, messages)
    prompt, completion = _tokens(fields(body.get("usage")), messages, said, tools)
    return Completion(
        text=said,
        tools=tools,
        finish=_finish(choice.get("finish_reason")),
        refusal=text(message.get("refusal"))[:LONGEST_TEXT],
        prompt_tokens=prompt,
        completion_tokens=completion,
        echo=_echo(said, tools),
    )


def _said(content: Any) -> str:
    """Return what is said: a text, or the texts of a list of parts."""
    parts = [content] if isinstance(content, str) else map(_part, items(content))
    return text("".join(part for part in parts if isinstance(part, str)))[:LONGEST_TEXT]


def _part(part: Any) -> Any:
    return part if isinstance(part, str) else fields(part).get("text")


def _finish(reason: Any) -> str:
    """Return why it ended, by the three words that make a difference: services have many."""
    return reason if reason in ("length", "content_filter") else "stop"


def _wishes(
    message: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]
) -> tuple[ToolWish, ...]:
    """Return the tools that a message asks for, whatever its finish_reason says."""
    taken = {
        fields(call).get("id") for earlier in messages for call in items(earlier.get("tool_calls"))
    }
    found = []
    for call in map(fields, items(message.get("tool_calls"))[:MOST_TOOLS]):
        function = fields(call.get("function"))
        wish_id = _own_id(call.get("id"), taken)
        taken.add(wish_id)
        arguments, raw = _arguments(function.get("arguments"))
        name = text(function.get("name"))[:LONGEST_NAME]
        found.append(ToolWish(wish_id, name, arguments, raw))
    return tuple(found)


def _own_id(value: Any, taken: set[Any]) -> str:
    """Return the id of a tool call; one of ours where it has none, or another one has it."""
    told = text(value)
    is_usable = 0 < len(told) <= LONGEST_ID and told not in taken
    return told if is_usable else f"call_{uuid.uuid4().hex[:24]}"


def _arguments(value: Any) -> tuple[Mapping[str, Any] | None, str]:
    """Return arguments, and as what they came: JSON in a text, an object, or nothing for none."""
    if isinstance(value, dict):
        value = json.dumps(value)
    if not (value is None or isinstance(value, str)):
        return None, ""
    raw = storable(value or "").strip()
    if len(raw) > LONGEST_TEXT:
        return None, raw[:LONGEST_TEXT]
    try:
        found = json.loads(raw or "{}", parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None, raw
    if found is None:  # the text "null", which some models write for none
        return {}, ""
    is_usable = isinstance(found, dict) and not is_too_deep(found)
    return (found if is_usable else None), raw


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _echo(said: str, tools: Sequence[ToolWish]) -> Mapping[str, Any]:
    """Return the message for the next question: what services send besides is left out, and
    arguments that cannot be read are none, as some refuse a question in which such stand.
    """
    message: dict[str, Any] = {"role": "assistant", "content": said or None}
    if tools:
        message["tool_calls"] = [
            {
                "id": wish.id,
                "type": "function",
                "function": {
                    "name": wish.name or "unknown",
                    "arguments": "{}" if wish.arguments is None else wish.raw or "{}",
                },
            }
            for wish in tools
        ]
    return message


def _tokens(
    usage: Mapping[str, Any],
    messages: Sequence[Mapping[str, Any]],
    said: str,
    tools: Sequence[ToolWish],
) -> tuple[int, int]:
    """Return how many tokens question and answer cost, by the service's count, else by a guess:
    a budget must not be blind to who does not count.
    """
    written = len(said) + sum(len(wish.raw) for wish in tools)
    prompt = _count(usage.get("prompt_tokens"))
    completion = _count(usage.get("completion_tokens"))
    if prompt is None:
        read = len(json.dumps(list(messages), ensure_ascii=False, default=str))
        prompt = read // CHARACTERS_OF_A_TOKEN + 1
    if completion is None:
        completion = written // CHARACTERS_OF_A_TOKEN + 1
    return prompt, completion


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= MOST_TOKENS else None
