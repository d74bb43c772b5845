"""Vapi, outbound: placing a call and finding one again. events.py is the inbound half.

docs/providers/vapi.md has the facts this relies on, with their sources; what no source confirms
is read defensively.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings

from coachbot.providers import ProviderError, Unclear
from coachbot.providers.transport import Answer, Door, Request
from coachbot.providers.vapi.errors import CAUSES

# CreateCustomerDTO: name, email and externalId are refused when longer.
LONGEST_CUSTOMER_FIELD = 40
# A page of calls repeats every conversation in it.
LARGEST_LIST = 16 * 1024 * 1024
PAGE_SIZE = 100
MOST_PAGES = 5
# How far Vapi's clock may be from ours when a call is looked up by its time.
CLOCK_TOLERANCE = timedelta(seconds=60)


@dataclass(frozen=True)
class Account:
    """A business's own Vapi account: what its calls are placed with."""

    api_key: str
    assistant_id: str
    phone_number_id: str


@dataclass(frozen=True)
class Person:
    """Whom to call and what the assistant is told of them."""

    name: str
    phone: str
    email: str
    goal: str
    metadata: Mapping[str, Any]
    form_responses: Mapping[str, Any]


@dataclass(frozen=True)
class PlacedCall:
    """A call that Vapi accepted, with its answer for the log: unmasked, it holds secrets."""

    call_id: str
    response: dict[str, Any]

    @property
    def is_blocked(self) -> bool:
        """Whether Vapi says that no line is free for the call."""
        limits = self.response.get("subscriptionLimits")
        return isinstance(limits, dict) and limits.get("concurrencyBlocked") is True


def create_call(
    door: Door, account: Account, payload: dict[str, Any], *, timeout: float
) -> PlacedCall:
    """Ask Vapi to place the call that call_payload() describes. timeout: seconds.

    Raises Refused, Unreachable, or Unclear: then the call may exist all the same.
    """
    request = _request(account, "create_call", "POST", "/call", name="Vapi /call", json=payload)
    return door.ask(request, timeout=timeout, read=_placed_call, worth=lambda call: call.response)


def _placed_call(answer: Answer) -> PlacedCall:
    response = answer.json()
    call_id = response.get("id") if isinstance(response, dict) else None
    if not isinstance(call_id, str) or not call_id:
        raise Unclear(
            f"Vapi /call failed ({answer.status}): the answer holds no call id.",
            status=answer.status,
            response=answer.text,
        )
    return PlacedCall(call_id, response)


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
        "assistantOverrides": {
            "variableValues": _variables(person),
            "metadata": {"attemptId": attempt_id, **ids},
        },
    }


def _variables(person: Person) -> dict[str, str]:
    """Return what the assistant's prompt can use. Strings only: Vapi may drop arrays."""
    return {
        "leadName": person.name,
        "leadFirstName": person.name.split()[0],
        "leadEmail": person.email,
        "leadGoal": person.goal,
        "leadMetadata": json.dumps(person.metadata, ensure_ascii=False),
        "formResponses": json.dumps(person.form_responses, ensure_ascii=False),
    }


def _cut(text: str) -> str:
    """Cut to Vapi's limit, counted in UTF-16 units as JavaScript counts."""
    units = text.encode("utf-16-le")[: LONGEST_CUSTOMER_FIELD * 2]
    return units.decode("utf-16-le", "ignore").strip()


def find_call(
    door: Door, account: Account, *, attempt_id: str, created_at: datetime, timeout: float
) -> str | None:
    """Return the id of the call that was placed for an attempt, or None if none is listed.

    created_at: when the attempt was made (aware). A call made a moment ago may not be
    listed yet. Raises ProviderError when Vapi's list cannot be read.
    """
    latest = created_at + 2 * CLOCK_TOLERANCE
    window = {"createdAtGe": _iso(created_at - CLOCK_TOLERANCE), "createdAtLe": _iso(latest)}
    for _ in range(MOST_PAGES):
        request = _request(
            *(account, "list_calls", "GET", "/call"),
            params={**window, "limit": PAGE_SIZE},
            largest=LARGEST_LIST,
        )
        calls = door.ask(
            request,
            timeout=timeout,
            read=_listed_calls,
            worth=lambda calls: _found(calls, attempt_id),
        )
        for call in calls:
            if _attempt_of(call) == attempt_id:
                return str(call["id"])
        if len(calls) < PAGE_SIZE:
            return None
        window = {**window, "createdAtLt": calls[-1]["createdAt"]}
    raise Unclear(f"Vapi lists more than {MOST_PAGES * PAGE_SIZE} calls around this one.")


def _listed_calls(answer: Answer) -> list[dict[str, Any]]:
    calls = answer.json()
    if not isinstance(calls, list):
        raise ProviderError("Vapi GET /call answered something other than a list.")
    return [call for call in calls if isinstance(call, dict) and call.get("id")]


def _found(calls: list[dict[str, Any]], attempt_id: str) -> dict[str, Any]:
    """Return what is worth telling of a page of calls: whether the one looked for is there."""
    call_id = next((c["id"] for c in calls if _attempt_of(c) == attempt_id), None)
    return {"placed": call_id is not None, "id": call_id}


def get_call(door: Door, account: Account, call_id: str, *, timeout: float) -> dict[str, Any]:
    """Return a call as Vapi holds it; events.parse_call() reads it.

    Raises ProviderError; Refused with status 400 or 404 where Vapi knows no such call,
    which it may also say of one that was made a moment ago.
    """
    request = _request(
        *(account, "get_call", "GET", "/call/{id}"),
        resource=call_id,
        largest=LARGEST_LIST,
        is_quiet=True,  # what it taught is written where it changes the call
    )
    return door.ask(request, timeout=timeout, read=_call)


def _call(answer: Answer) -> dict[str, Any]:
    call = answer.json()
    if not isinstance(call, dict):
        raise ProviderError("Vapi GET /call/{id} answered something other than a call.")
    return call


def recording_link(door: Door, account: Account, call_id: str, *, timeout: float) -> str:
    """Return a link to a call's recording that works for about a minute.

    Raises ProviderError; Refused with status 400 or 404 where Vapi has none (any more).
    """
    path = "/call/{id}/mono-recording"
    request = _request(account, "get_recording", "GET", path, resource=call_id, is_quiet=True)
    return door.find_redirect(request, timeout=timeout)


def _attempt_of(call: Mapping[str, Any]) -> str | None:
    """Return the attempt id that a call carries: in its metadata, or as the spare we send."""
    overrides = call.get("assistantOverrides") or {}
    customer = call.get("customer") or {}
    return (overrides.get("metadata") or {}).get("attemptId") or customer.get("externalId")


def _request(
    account: Account,
    operation: str,
    method: str,
    path: str,
    *,
    name: str = "",
    resource: str = "",
    **fields: Any,
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
        **fields,
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
