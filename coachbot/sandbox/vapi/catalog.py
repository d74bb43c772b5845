"""Assistants and phone numbers: every UUID is one, except those that begin with zeros."""

import re
import uuid
from typing import Any

from coachbot.sandbox.messages import Reply, Request, json_reply
from coachbot.sandbox.vapi import listing
from coachbot.sandbox.vapi.calls import Store, org_of
from coachbot.sandbox.vapi.errors import refusal

MISSING_PREFIX = "00000000-"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LONG_AGO = "2026-01-05T09:00:00.000Z"
_ASSISTANTS_PER_ORG = 2


def is_uuid(text: object) -> bool:
    """Any version of UUID counts, as in Vapi."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def exists(resource_id: str) -> bool:
    """Whether an assistant or a phone number has this id."""
    return is_uuid(resource_id) and not resource_id.startswith(MISSING_PREFIX)


def list_assistants(request: Request, store: Store) -> Reply:
    """GET /assistant?limit=: an array with the two assistants that every org has."""
    problems = listing.query_problems(request.query, allowed=("limit",))
    if problems:
        return refusal(400, problems)
    org = org_of(request.key)
    ids = [str(uuid.uuid5(uuid.UUID(org), str(n))) for n in range(_ASSISTANTS_PER_ORG)]
    wanted = ids[: listing.limit_of(request.query)]
    return json_reply([_assistant(org, assistant_id) for assistant_id in wanted])


def show_assistant(request: Request, store: Store, assistant_id: str) -> Reply:
    """GET /assistant/{id}: the assistant, or 404."""
    if not exists(assistant_id):
        return refusal(404, f"Assistant `{assistant_id}` does not exist.")
    return json_reply(_assistant(org_of(request.key), assistant_id))


def show_phone_number(request: Request, store: Store, number_id: str) -> Reply:
    """GET /phone-number/{id}: a Twilio number, or 404."""
    if not exists(number_id):
        return refusal(404, f"Phone Number `{number_id}` does not exist.")
    return json_reply(_phone_number(org_of(request.key), number_id))


def _assistant(org: str, assistant_id: str) -> dict[str, Any]:
    return {
        **_common(org, assistant_id),
        "name": "Sandbox assistant",
        "model": {"provider": "openai", "model": "gpt-4o"},
        "latestVersion": "v1",
    }


def _phone_number(org: str, number_id: str) -> dict[str, Any]:
    return {
        **_common(org, number_id),
        "provider": "twilio",
        "number": "+14155550100",
        "status": "active",
        "name": "Sandbox number",
        # Vapi sends this secret (section 5); whoever stores or logs raw bodies gets caught by it.
        "twilioAuthToken": "sandbox-twilio-token-that-nobody-may-keep",
    }


def _common(org: str, resource_id: str) -> dict[str, Any]:
    return {"id": resource_id, "orgId": org, "createdAt": _LONG_AGO, "updatedAt": _LONG_AGO}
