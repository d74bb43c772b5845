"""What comes in and what goes out: Request and Reply. The shapes of bodies are the providers'."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from enum import Enum
from typing import Any

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=UTF-8"
TEXT = "text/plain; charset=UTF-8"


@dataclass(frozen=True)
class Request:
    """One request, read completely. `body` is None if it was too big or had no stated length.

    key: the API key that it came with, once its provider has accepted it.
    """

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] | Message
    body: bytes | None
    base_url: str
    key: str = ""


class Manner(Enum):
    """How a reply goes over the wire."""

    WHOLE = "whole"
    SILENT = "silent"
    DROPPED = "dropped"
    RESET = "reset"
    CUT = "cut"
    DRIPPING = "dripping"
    DRIPPING_HEAD = "dripping head"
    STALLED = "stalled"


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
    """A reply that is not JSON, such as a gateway's page."""
    return Reply(status, text.encode(), content_type)
