"""Vapi, outbound: placing a call and finding one again. vapi_events.py is the inbound half.

Facts about Vapi come from its OpenAPI description (VapiAI/docs, 2026-08-18), its Python
SDK 3.0.0 and captured payloads; what no source confirms is read defensively.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from django.conf import settings

from coachbot.providers import ProviderError, Unclear, transport

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
    metadata: Mapping
    form_responses: Mapping


@dataclass(frozen=True)
class PlacedCall:
    """A call that Vapi accepted, with its answer for the log: unmasked, it holds secrets."""

    call_id: str
    response: dict

    @property
    def is_blocked(self) -> bool:
        """Whether Vapi says that no line is free for the call."""
        limits = self.response.get("subscriptionLimits")
        return isinstance(limits, dict) and limits.get("concurrencyBlocked") is True


def create_call(account: Account, payload: dict, *, timeout: float) -> PlacedCall:
    """Ask Vapi to place the call that call_payload() describes. timeout: seconds.

    Raises Refused, Unreachable, or Unclear: then the call may exist all the same.
    """
    answer = transport.ask(
        "Vapi /call",
        "POST",
        f"{settings.VAPI_BASE_URL}/call",
        timeout=timeout,
        headers=_authorization(account),
        json=payload,
    )
    response = _parse(answer.text)
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
) -> dict:
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
    account: Account, *, attempt_id: str, created_at: datetime, timeout: float
) -> str | None:
    """Return the id of the call that was placed for an attempt, or None if none is listed.

    created_at: when the attempt was made (aware). A call made a moment ago may not be
    listed yet. Raises ProviderError when Vapi's list cannot be read.
    """
    latest = created_at + 2 * CLOCK_TOLERANCE
    window = {"createdAtGe": _iso(created_at - CLOCK_TOLERANCE), "createdAtLe": _iso(latest)}
    for _ in range(MOST_PAGES):
        calls = _list_calls(account, window, timeout=timeout)
        for call in calls:
            if _attempt_of(call) == attempt_id:
                return call["id"]
        if len(calls) < PAGE_SIZE:
            return None
        window = {**window, "createdAtLt": calls[-1]["createdAt"]}
    raise Unclear(f"Vapi lists more than {MOST_PAGES * PAGE_SIZE} calls around this one.")


def _list_calls(account: Account, window: Mapping[str, str], *, timeout: float) -> list[dict]:
    answer = transport.ask(
        "Vapi GET /call",
        "GET",
        f"{settings.VAPI_BASE_URL}/call",
        timeout=timeout,
        largest=LARGEST_LIST,
        headers=_authorization(account),
        params={**window, "limit": PAGE_SIZE},
    )
    calls = _parse(answer.text)
    if not isinstance(calls, list):
        raise ProviderError("Vapi GET /call answered something other than a list.")
    return [call for call in calls if isinstance(call, dict) and call.get("id")]


def get_call(account: Account, call_id: str, *, timeout: float) -> dict:
    """Return a call as Vapi holds it; vapi_events.parse_call() reads it.

    Raises ProviderError; Refused with status 400 or 404 where Vapi knows no such call,
    which it may also say of one that was made a moment ago.
    """
    answer = transport.ask(
        "Vapi GET /call/{id}",
        "GET",
        f"{settings.VAPI_BASE_URL}/call/{quote(call_id, safe='')}",
        timeout=timeout,
        largest=LARGEST_LIST,
        headers=_authorization(account),
    )
    call = _parse(answer.text)
    if not isinstance(call, dict):
        raise ProviderError("Vapi GET /call/{id} answered something other than a call.")
    return call


def recording_link(account: Account, call_id: str, *, timeout: float) -> str:
    """Return a link to a call's recording that works for about a minute.

    Raises ProviderError; Refused with status 400 or 404 where Vapi has none (any more).
    """
    return transport.find_redirect(
        "Vapi GET /call/{id}/mono-recording",
        f"{settings.VAPI_BASE_URL}/call/{quote(call_id, safe='')}/mono-recording",
        timeout=timeout,
        headers=_authorization(account),
    )


def _attempt_of(call: Mapping) -> str | None:
    """Return the attempt id that a call carries: in its metadata, or as the spare we send."""
    overrides = call.get("assistantOverrides") or {}
    customer = call.get("customer") or {}
    return (overrides.get("metadata") or {}).get("attemptId") or customer.get("externalId")


def _authorization(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.api_key}"}


def _parse(text: str):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
