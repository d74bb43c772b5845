"""The assistants and tools of every API key, and each request that changed one, in order."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coachbot.sandbox.listeners import Listener

Body = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """A request that made or changed something."""

    method: str
    path: str
    body: Body


class Memory:
    """What was set, until the process ends. Safe to use from many threads."""

    def __init__(self) -> None:
        self._assistants: dict[tuple[str, str], Body] = {}
        self._tools: dict[str, dict[str, Body]] = {}
        self._written: dict[str, list[Written]] = {}
        self._changing = threading.Lock()

    def set_parts(self, key: str, assistant_id: str, parts: Mapping[str, Any]) -> None:
        """Have parts of an assistant be these; each replaces the one before, null clears it."""
        with self._changing:
            known = self._assistants.setdefault((key, assistant_id), {})
            self._assistants[key, assistant_id] = {**known, **parts}

    def parts(self, key: str, assistant_id: str) -> Body:
        """What was set of an assistant; None is what was cleared."""
        return dict(self._assistants.get((key, assistant_id), {}))

    def set_tool(self, key: str, tool: Body) -> None:
        """Keep a tool under its id."""
        with self._changing:
            self._tools[key] = {**self._tools.get(key, {}), tool["id"]: tool}

    def tool(self, key: str, tool_id: str) -> Body | None:
        """A tool of this key."""
        return self._tools.get(key, {}).get(tool_id)

    def tools(self, key: str) -> list[Body]:
        """Every tool of this key, newest first."""
        return list(self._tools.get(key, {}).values())[::-1]

    def note(self, key: str, written: Written) -> None:
        """Remember a request that was carried out."""
        with self._changing:
            self._written.setdefault(key, []).append(written)

    def written(self, key: str) -> list[Written]:
        """What was made and changed with this key, in order."""
        return list(self._written.get(key, ()))

    def server_of(self, key: str, assistant_id: str) -> Listener | None:
        """Where an assistant reports to; None where nobody set that."""
        return listener_at(self.parts(key, assistant_id).get("server"))

    def server_of_tool(self, key: str, assistant_id: str, name: str) -> Listener | None:
        """Where an assistant uses a tool; None where it has none with this name and a server."""
        for tool in self._tools_of(key, assistant_id):
            if tool.get("function", {}).get("name") == name:
                return listener_at(tool.get("server"))
        return None

    def _tools_of(self, key: str, assistant_id: str) -> Iterator[Body]:
        model = self.parts(key, assistant_id).get("model") or {}
        yield from model.get("tools") or ()
        saved = (self.tool(key, tool_id) for tool_id in model.get("toolIds") or ())
        yield from filter(None, saved)


def listener_at(server: Mapping[str, Any] | None) -> Listener | None:
    """A `server` object in, who is told there and with which headers out."""
    if not server or not server.get("url"):
        return None
    secret = {"X-Vapi-Secret": server["secret"]} if server.get("secret") else {}
    return Listener(server["url"], "", {**secret, **(server.get("headers") or {})})
