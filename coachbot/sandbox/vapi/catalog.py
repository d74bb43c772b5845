"""Ids and phone numbers: every UUID is an assistant and a phone number, but for those that begin
with zeros.
"""

import re
import uuid
from typing import Any

from coachbot.sandbox.messages import Reply, Request, json_reply
from coachbot.sandbox.vapi import listing
from coachbot.sandbox.vapi.calls import Store
from coachbot.sandbox.vapi.errors import refusal
from coachbot.sandbox.vapi.placed import org_of

MISSING_PREFIX = "00000000-"
# Numbers that answer by themselves: Vapi asks nobody who takes a call.
OWNED_PREFIXES = {
    "11111111-": "assistantId",
    "22222222-": "squadId",
    "33333333-": "workflowId",
}
NUMBER, SECOND_NUMBER = "+14155550100", "+442079460100"
# Vapi sends this secret (section 5); whoever stores or logs raw bodies gets caught by it.
TWILIO_TOKEN = "sandbox-twilio-token-that-nobody-may-keep"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LONG_AGO = "2026-01-05T09:00:00.000Z"
_NUMBERS_PER_ORG = 2


def is_uuid(text: object) -> bool:
    """Any version of UUID counts, as in Vapi."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def exists(resource_id: str) -> bool:
    """Whether an assistant or a phone number has this id."""
    return is_uuid(resource_id) and not resource_id.startswith(MISSING_PREFIX)


def own_answerer(number_id: str) -> str:
    """Which field of a number is set, so that it answers by itself; "" if none is."""
    return next((f for p, f in OWNED_PREFIXES.items() if number_id.startswith(p)), "")


def list_phone_numbers(request: Request, store: Store) -> Reply:
    """GET /phone-number?limit=: an array with the two numbers that every org has."""
    if problems := listing.query_problems(request.query, allowed=("limit",)):
        return refusal(400, problems)
    org = org_of(request.key)
    wanted = listed_numbers(request.key)[: listing.limit_of(request.query)]
    return json_reply([_phone_number(org, number_id) for number_id in wanted])


def listed_numbers(key: str) -> list[str]:
    """The ids of the numbers that an org lists."""
    org = uuid.UUID(org_of(key))
    return [str(uuid.uuid5(org, f"number {n}")) for n in range(_NUMBERS_PER_ORG)]


def show_phone_number(request: Request, store: Store, number_id: str) -> Reply:
    """GET /phone-number/{id}: a Twilio number, or 404."""
    if not exists(number_id):
        return refusal(404, f"Phone Number `{number_id}` does not exist.")
    number = _phone_number(org_of(request.key), number_id)
    listener = store.listener_of(request.key)
    # Who is told what happens stands at the assistant and at the number alike.
    return json_reply({**number, "server": {"url": listener.url}} if listener else number)


def _phone_number(org: str, number_id: str) -> dict[str, Any]:
    own = own_answerer(number_id)
    is_second = number_id == str(uuid.uuid5(uuid.UUID(org), "number 1"))
    return {
        **common(org, number_id),
        "provider": "twilio",
        "number": SECOND_NUMBER if is_second else NUMBER,
        "status": "active",
        "name": "Second number" if is_second else "Sandbox number",
        "twilioAuthToken": TWILIO_TOKEN,
        **({own: str(uuid.uuid5(uuid.UUID(number_id), own))} if own else {}),
    }


def common(org: str, resource_id: str) -> dict[str, Any]:
    """What every resource of an org has."""
    return {"id": resource_id, "orgId": org, "createdAt": _LONG_AGO, "updatedAt": _LONG_AGO}
