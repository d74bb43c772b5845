"""What comes in and what goes out: Request, Reply, and the shapes of Vapi's bodies."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Any

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=UTF-8"
TEXT = "text/plain; charset=UTF-8"


@dataclass(frozen=True)
class Request:
    """One request, read completely. `body` is None if it was too big or had no stated length."""

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes | None
    base_url: str
    org: str = ""


class Manner(Enum):
    """How a reply goes over the wire."""

    WHOLE = "whole"
    SILENT = "silent"
    DROPPED = "dropped"
    RESET = "reset"
    CUT = "cut"
    DRIPPING = "dripping"


@dataclass(frozen=True)
class Reply:
    """What the sandbox answers, after how many seconds, and in which manner."""

    status: int = 200
    body: bytes = b""
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: Manner = Manner.WHOLE
    delay: float = 0.0


def json_reply(content: Any, status: int = 200) -> Reply:
    """Any JSON value in, a reply with it out."""
    return Reply(status, json.dumps(content, separators=(",", ":")).encode(), JSON)


def text_reply(status: int, text: str, content_type: str = TEXT) -> Reply:
    """A reply that is not JSON, such as Cloudflare's pages."""
    return Reply(status, text.encode(), content_type)


def refusal(status: int, message: str | list[str]) -> Reply:
    """Vapi's usual error body (section 3); `message` is one text or a list of texts."""
    phrase = HTTPStatus(status).phrase
    return json_reply({"message": message, "error": phrase, "statusCode": status}, status)


def cloudflare_1010() -> Reply:
    """What Cloudflare says to a client it does not like, before Vapi hears of it (section 1)."""
    return text_reply(403, "error code: 1010")


def invalid_key() -> Reply:
    """Vapi's 401 for a key that is wrong or public."""
    hint = "you may be using the private key instead of the public key, or vice versa."
    return refusal(401, f"Invalid Key. Hot tip, {hint}")
