"""The shapes of the model's bodies: a completion, and an error."""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coachbot.sandbox.messages import Reply, json_reply
from coachbot.sandbox.openai.chat import Chat

LETTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class Wish:
    """A tool that the model wants to use."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the model says: a text, or tools, or both."""

    text: str = ""
    wishes: tuple[Wish, ...] = ()


def say(text: str) -> Answer:
    """An answer that is a text."""
    return Answer(text)


def use(name: str, **arguments: Any) -> Answer:
    """An answer that is one tool."""
    return Answer(wishes=(Wish(name, arguments),))


def completion(chat: Chat, answer: Answer) -> dict[str, Any]:
    """The body of a completion."""
    calls = [call_of(wish) for wish in answer.wishes]
    return body_of(chat, answer.text or None, calls)


def call_of(wish: Wish) -> dict[str, Any]:
    """A tool call as the API has it: its arguments are a text."""
    function = {"name": wish.name, "arguments": json.dumps(dict(wish.arguments))}
    return {"id": f"call_{secrets.token_hex(12)}", "type": "function", "function": function}


def body_of(
    chat: Chat, text: str | None, calls: Sequence[Mapping[str, Any]] = (), finish: str = ""
) -> dict[str, Any]:
    """A completion with one choice. calls: tool calls, which may be odd."""
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
    if calls:
        message["tool_calls"] = list(calls)
    asked = len(chat.everything) // LETTERS_PER_TOKEN
    told = len(text or json.dumps(list(calls))) // LETTERS_PER_TOKEN + 1
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": chat.model,
        "choices": [
            {
                "index": 0,
                "message": message,
                "logprobs": None,
                "finish_reason": finish or ("tool_calls" if calls else "stop"),
            }
        ],
        "usage": {"prompt_tokens": asked, "completion_tokens": told, "total_tokens": asked + told},
        "system_fingerprint": None,
    }


def error_reply(
    status: int,
    message: str,
    *,
    kind: str = "invalid_request_error",
    param: str | None = None,
    code: str | None = None,
) -> Reply:
    """The shape of every error."""
    error = {"message": message, "type": kind, "param": param, "code": code}
    return json_reply({"error": error}, status)
