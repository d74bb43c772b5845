"""Asking Vapi for the assistants, numbers and tools of an organization, and changing them.

What an assistant or a tool holds are secrets of others too: no answer is told to the log.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from coachbot.providers import ProviderError, Unclear
from coachbot.providers.findings import shown
from coachbot.providers.reading import text
from coachbot.providers.transport import Answer, Door
from coachbot.providers.vapi.client import LARGEST_LIST, Account, read_id, request

# Vapi's own bound; without a limit it lists a hundred.
MOST_LISTED = 1_000
Body = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen: its id, and its name for people."""

    id: str
    name: str


def list_assistants(door: Door, api_key: str, *, timeout: float) -> list[Choice]:
    """Return the assistants of the key's organization. Raises ProviderError."""
    listed = _list(door, _keyed(api_key), "assistant", timeout)
    return _choices(listed, lambda body: text(body.get("name")))


def list_phone_numbers(door: Door, api_key: str, *, timeout: float) -> list[Choice]:
    """Return the phone numbers of the key's organization. Raises ProviderError."""
    listed = _list(door, _keyed(api_key), "phone-number", timeout)
    return _choices(listed, _name_of_number)


def list_tools(door: Door, account: Account, *, timeout: float) -> list[Body]:
    """Return the tools that are saved in the account's organization. Raises ProviderError."""
    return _list(door, account, "tool", timeout)


def get_assistant(door: Door, account: Account, *, timeout: float) -> Body:
    """Return the account's assistant. Raises ProviderError; Refused, 400 or 404, for none."""
    asked = request(
        *(account, "get_assistant", "GET", "/assistant/{id}"),
        resource=account.assistant_id,
        largest=LARGEST_LIST,
        is_quiet=True,
    )
    return door.ask(asked, timeout=timeout, read=partial(shown, provider="Vapi"))


def change_assistant(
    door: Door, account: Account, parts: Body, *, secret: str, timeout: float
) -> Body:
    """Give the assistant other parts, each in place of the one before, and return it.

    secret: what stands in them, and in the answer, and is told to nobody. Raises ProviderError;
    after Unclear it may have been changed.
    """
    asked = request(
        *(account, "update_assistant", "PATCH", "/assistant/{id}"),
        resource=account.assistant_id,
        json=dict(parts),
        told={"assistant": account.assistant_id, "parts": sorted(parts)},
        hidden=secret,
        largest=LARGEST_LIST,
    )
    return door.ask(asked, timeout=timeout, read=_changed)


def create_tool(door: Door, account: Account, tool: Body, *, secret: str, timeout: float) -> Body:
    """Save a tool and return it. secret: as above. Raises ProviderError; after Unclear it may be
    there.
    """
    asked = request(
        *(account, "create_tool", "POST", "/tool"),
        json=dict(tool),
        told={"tool": tool["function"]["name"]},
        hidden=secret,
    )
    return door.ask(asked, timeout=timeout, read=_changed)


def change_tool(
    door: Door, account: Account, tool: Body, parts: Body, *, secret: str, timeout: float
) -> Body:
    """Give a saved tool other parts and return it. secret: as above. Raises ProviderError."""
    asked = request(
        *(account, "update_tool", "PATCH", "/tool/{id}"),
        resource=read_id(tool),
        json=dict(parts),
        told={"tool": tool["function"]["name"], "parts": sorted(parts)},
        hidden=secret,
    )
    return door.ask(asked, timeout=timeout, read=_changed)


def _list(door: Door, account: Account, what: str, timeout: float) -> list[Body]:
    asked = request(
        *(account, f"list_{what.replace('-', '_')}s", "GET", f"/{what}"),
        params={"limit": MOST_LISTED},
        largest=LARGEST_LIST,
        is_quiet=True,
    )
    return door.ask(asked, timeout=timeout, read=_objects)


def _objects(answer: Answer) -> list[Body]:
    listed = answer.json()
    if not isinstance(listed, list):
        raise ProviderError("Vapi answered something other than a list.")
    return [item for item in listed if isinstance(item, dict) and read_id(item)]


def _changed(answer: Answer) -> Body:
    found = answer.json()
    if not isinstance(found, dict) or not read_id(found):
        raise Unclear(
            f"Vapi answered {answer.status}, and nothing that can be read.", status=answer.status
        )
    return found


def _keyed(api_key: str) -> Account:
    return Account(api_key, assistant_id="", phone_number_id="")


def _choices(listed: list[Body], name_of: Any) -> list[Choice]:
    """Return what can be stored: only what has an id of Vapi's."""
    found = [Choice(read_id(body), name_of(body) or read_id(body)) for body in listed]
    return sorted((one for one in found if _is_uuid(one.id)), key=lambda one: one.name.lower())


def _name_of_number(body: Body) -> str:
    number, name = text(body.get("number")), text(body.get("name"))
    parts = [number or text(body.get("sipUri")), name]
    kind = "one of Vapi's own" if body.get("provider") == "vapi" else ""
    return ", ".join(part for part in (*parts, kind) if part)


def _is_uuid(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False
