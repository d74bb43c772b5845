"""What an assistant has at Vapi: its server, and its tools, its own and the saved ones."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from coachbot.providers.reading import fields, items, text

Body = Mapping[str, Any]


def is_ours(url: str, ours: str) -> bool:
    """Return whether a server URL is the one of ours."""
    return url.rstrip("/") == ours.rstrip("/")


def url_of(holder: Body) -> str:
    """Return the server URL of an assistant, a number or a tool; "" where it has none."""
    return text(fields(holder.get("server")).get("url")) or text(holder.get("serverUrl"))


def host_of(url: str) -> str:
    """Return the host of a URL that somebody entered; "" where there is none to be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def attached(assistant: Body, saved: list[Body]) -> list[Body]:
    """Return the tools of an assistant. saved: those of its organization."""
    by_id = {tool["id"]: tool for tool in saved}
    known = (by_id.get(tool_id) for tool_id in tool_ids(assistant))
    return [*inline(assistant), *filter(None, known)]


def inline(assistant: Body) -> list[Body]:
    """Return the tools that are part of an assistant."""
    listed = items(fields(assistant.get("model")).get("tools"))
    return [tool for tool in listed if isinstance(tool, dict)]


def tool_ids(assistant: Body) -> list[str]:
    """Return the ids of the saved tools that an assistant has, pinned to a version or not."""
    model = fields(assistant.get("model"))
    ids = [one for one in items(model.get("toolIds")) if isinstance(one, str)]
    return [*ids, *filter(None, map(ref_id, items(model.get("toolRefs"))))]


def ref_id(ref: Any) -> str:
    """Return the id of a tool that is pinned to a version."""
    return text(fields(ref).get("toolId"))


def name_of(tool: Body) -> str:
    """Return the name of a function tool; "" for one of another kind."""
    return text(fields(tool.get("function")).get("name")) if tool.get("type") == "function" else ""


def tool_names(assistant: Body, saved: list[Body]) -> list[str]:
    """Return the names of the tools that an assistant has, for people."""
    return [name_of(tool) or text(tool.get("type")) for tool in attached(assistant, saved)]
