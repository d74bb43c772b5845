"""Vapi, outbound: placing a call and asking for one. listing.py finds one again, events.py is the
inbound half.

docs/providers/vapi.md has the facts this relies on, with their sources; what no source confirms
is read defensively.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings

from coachbot.providers import ProviderError, Unclear
from coachbot.providers.exchange import Answer, Request
from coachbot.providers.reading import fields
from coachbot.providers.transport import Door
from coachbot.providers.vapi.errors import CAUSES
from coachbot.providers.vapi.events import CallNews, parse_call

# CreateCustomerDTO: name, email and externalId are refused when longer.
LONGEST_CUSTOMER_FIELD = 40
# What is more than this is no number of lines.
MOST_LINES = 100_000
# Of the variables that a prompt can use.
LONGEST_SUMMARY = 2_000
# A page of calls repeats every conversation in it.
LARGEST_LIST = 16 * 1024 * 1024
# A UUID so far. What else is in the answer's place of one would break whatever it is put in.
CALL_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Account:
    """A business's own Vapi account: what its calls are placed with."""

    api_key: str = field(repr=False)
    assistant_id: str
    phone_number_id: str


@dataclass(frozen=True)
class Person:
    """Whom to call and what the assistant is told of them.

    last_summary: of the call before, callback_notes: why the person asked for this one.
    """

    name: str
    phone: str
    email: str
    goal: str
    metadata: Mapping[str, Any]
    form_responses: Mapping[str, Any]
    last_summary: str = ""
    callback_notes: str = ""


@dataclass(frozen=True)
class PlacedCall:
    """A call that Vapi accepted. is_blocked: whether it says that no line is free for the call.

    lines: how many calls of the account may go on at once; None where it does not say.
    response: its answer for the log; unmasked, it holds secrets.
    """

    call_id: str
    is_blocked: bool
    response: Mapping[str, Any] = field(repr=False)
    lines: int | None = None


def create_call(
    door: Door, account: Account, payload: dict[str, Any], *, timeout: float
) -> PlacedCall:
    """Ask Vapi to place the call that call_payload() describes. timeout: seconds.

    Raises Refused, Unreachable, or Unclear: then the call may exist all the same.
    """
    asked = request(account, "create_call", "POST", "/call", name="Vapi /call", json=payload)
    return door.ask(asked, timeout=timeout, read=_placed_call, worth=lambda call: call.response)


def _placed_call(answer: Answer) -> PlacedCall:
    response = fields(answer.json())
    call_id = read_id(response)
    if not call_id:
        raise Unclear(
            f"Vapi /call failed ({answer.status}): the answer holds no call id.",
            status=answer.status,
            response=answer.text,
        )
    limits = fields(response.get("subscriptionLimits"))
    is_blocked = limits.get("concurrencyBlocked") is True
    return PlacedCall(call_id, is_blocked, response, _lines(limits.get("concurrencyLimit")))


def _lines(limit: object) -> int | None:
    if isinstance(limit, bool) or not isinstance(limit, int):
        return None
    return limit if 0 < limit <= MOST_LINES else None


def read_id(call: Mapping[str, Any]) -> str:
    """Return Vapi's id of a call; "" where there is none that can be one."""
    found = call.get("id")
    return found if isinstance(found, str) and CALL_ID.fullmatch(found) else ""


def call_payload(
    account: Account, person: Person, *, attempt_id: str, ids: Mapping[str, str]
) -> dict[str, Any]:
    """Return the body of POST /call: only properties of its schema, as others are refused.

    attempt_id: our id of this attempt, sent along so that find_call() can recognise it.
    ids: further ids of ours for the assistant's metadata.
    """
    customer = {
        "number": person.phone,
        "name": _cut(person.name),
        "externalId": attempt_id,
    }
    if person.email and len(person.email) <= LONGEST_CUSTOMER_FIELD:
        customer["email"] = person.email
    return {
        "assistantId": account.assistant_id,
        "phoneNumberId": account.phone_number_id,
        "customer": customer,
        "assistantOverrides": overrides(person, {"attemptId": attempt_id, **ids}),
    }


def overrides(person: Person, ids: Mapping[str, str]) -> dict[str, Any]:
    """Return what the assistant is told of a person, and ids of ours that come back in messages."""
    return {"variableValues": _variables(person), "metadata": dict(ids)}


def _variables(person: Person) -> dict[str, str]:
    """Return what the assistant's prompt can use. Strings only: Vapi may drop arrays."""
    return {
        "leadName": person.name,
        "leadFirstName": person.name.split()[0],
        "leadEmail": person.email,
        "leadGoal": person.goal,
        "leadMetadata": json.dumps(person.metadata, ensure_ascii=False),
        "formResponses": json.dumps(person.form_responses, ensure_ascii=False),
        "lastCallSummary": person.last_summary[:LONGEST_SUMMARY],
        "callbackNotes": person.callback_notes,
    }


def _cut(text: str) -> str:
    """Cut to Vapi's limit, counted in UTF-16 units as JavaScript counts."""
    units = text.encode("utf-16-le")[: LONGEST_CUSTOMER_FIELD * 2]
    return units.decode("utf-16-le", "ignore").strip()


def get_call(door: Door, account: Account, call_id: str, *, timeout: float) -> CallNews:
    """Return what Vapi holds of a call, as news of now.

    Raises ProviderError; Refused with status 400 or 404 where Vapi knows no such call,
    which it may also say of one that was made a moment ago.
    """
    asked = request(
        *(account, "get_call", "GET", "/call/{id}"),
        resource=call_id,
        largest=LARGEST_LIST,
        is_quiet=True,  # what it taught is written where it changes the call
    )
    return door.ask(asked, timeout=timeout, read=_call)


def delete_call(door: Door, account: Account, call_id: str, *, timeout: float) -> None:
    """Have Vapi drop a call that waits for a line.

    Raises ProviderError; Refused where Vapi does not know the call, or deletes none that waits.
    """
    asked = request(account, "delete_call", "DELETE", "/call/{id}", resource=call_id)
    door.ask(asked, timeout=timeout, read=lambda answer: None)


def _call(answer: Answer) -> CallNews:
    call = answer.json()
    if not isinstance(call, dict):
        raise ProviderError("Vapi GET /call/{id} answered something other than a call.")
    return parse_call(call, received_at=datetime.now(UTC))


def recording_link(door: Door, account: Account, call_id: str, *, timeout: float) -> str:
    """Return a link to a call's recording that works for about a minute.

    Raises ProviderError; Refused with status 400 or 404 where Vapi has none (any more).
    """
    path = "/call/{id}/mono-recording"
    asked = request(account, "get_recording", "GET", path, resource=call_id, is_quiet=True)
    return door.find_redirect(asked, timeout=timeout)


def request(
    account: Account,
    operation: str,
    method: str,
    path: str,
    *,
    name: str = "",
    resource: str = "",
    **options: Any,
) -> Request:
    """Return a request of an account. path: with `{id}` where the resource's id goes."""
    return Request(
        operation=f"vapi.{operation}",
        name=name or f"Vapi {method} {path}",
        action=f"Vapi {method} {path}",
        method=method,
        url=settings.VAPI_BASE_URL + path.replace("{id}", quote(resource, safe="")),
        headers={"Authorization": f"Bearer {account.api_key}"},
        classify=CAUSES.classify,
        **options,
    )
