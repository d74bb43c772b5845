"""Asking Vapi whether an account is right: its key, its assistant, its phone number.

docs/providers/vapi.md (section 5) has the facts this relies on.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from coachbot.providers import ProviderError
from coachbot.providers.findings import BadKey, Finding, shown, unshown
from coachbot.providers.reading import fields, text
from coachbot.providers.transport import Door
from coachbot.providers.vapi import client
from coachbot.providers.vapi.client import Account

TIMEOUT = 5.0
NO_SUCH_ID = (400, 404)  # Vapi's description does not say which of the two it is
# What answers a number by itself, so that Vapi asks nobody.
OWN_ANSWERERS = ("assistantId", "squadId", "workflowId")
VAPI_NUMBER = (
    "It is one of Vapi's own: it makes a few calls a day at most, and none abroad. "
    "Import a number from Twilio, Vonage or Telnyx for more."
)


def verify_account(door: Door, account: Account, *, events_url: str) -> list[Finding]:
    """Return what Vapi says of an account, part by part. Takes up to 10 seconds.

    events_url: where Vapi should ask who calls back. Raises nothing: what could not be asked is a
    finding too.
    """
    try:
        assistant = _check_assistant(door, account)
        return [assistant, *_check_phone_number(door, account, events_url)]
    except BadKey:
        return [
            Finding(
                False,
                "Vapi does not accept the API key. Copy the private key, not the public one, "
                "from Vapi (Organization, API keys).",
            )
        ]


def _check_assistant(door: Door, account: Account) -> Finding:
    found = _ask(door, account, "assistant", "assistant/{id}", account.assistant_id)
    if isinstance(found, Finding):
        return found
    name = text(found.get("name")) or account.assistant_id
    return Finding(True, f"The assistant is there: {name}.")


def _check_phone_number(door: Door, account: Account, events_url: str) -> list[Finding]:
    found = _ask(door, account, "phone number", "phone-number/{id}", account.phone_number_id)
    if isinstance(found, Finding):
        return [found]
    return [_judge_outbound(found, account), _judge_inbound(found, events_url)]


def _judge_outbound(found: Mapping[str, Any], account: Account) -> Finding:
    there = f"The phone number is there: {text(found.get('number')) or account.phone_number_id}."
    status = text(found.get("status")) or "active"
    if status != "active":
        return Finding(False, f"{there} But Vapi says that it is {status}, so it cannot call.")
    if found.get("provider") == "vapi":
        return Finding(None, f"{there} {VAPI_NUMBER}")
    return Finding(True, there)


def _judge_inbound(number: Mapping[str, Any], events_url: str) -> Finding:
    """Say whether Vapi asks us who rings. That it does not keeps nobody from being called."""
    if taken := [name for name in OWN_ANSWERERS if text(number.get(name))]:
        return Finding(
            None,
            f"Vapi never asks Coachbot who calls back: the phone number has {taken[0]} set. Clear "
            "it in Vapi (Phone Numbers, Inbound Settings), so that leads who ring are known.",
        )
    url = text(fields(number.get("server")).get("url")) or text(number.get("serverUrl"))
    if url.rstrip("/") == events_url.rstrip("/"):
        return Finding(True, "Vapi asks Coachbot who calls back.")
    named = "has another server URL" if url else "has no server URL of its own"
    return Finding(
        None,
        f"Vapi does not ask Coachbot who calls back: the phone number {named}. Enter "
        f"{events_url} there, with the secret.",
    )


def _ask(
    door: Door, account: Account, what: str, path: str, resource_id: str
) -> Mapping[str, Any] | Finding:
    """Return a resource of the account, or the finding that says why not. Raises BadKey."""
    try:
        request = client.request(
            *(account, f"get_{what.replace(' ', '_')}", "GET", f"/{path}"),
            resource=resource_id,
            is_quiet=True,  # the row of who asked says what was found
        )
        return door.ask(request, timeout=TIMEOUT, read=partial(shown, provider="Vapi"))
    except ProviderError as error:
        if error.status in NO_SUCH_ID:
            return Finding(
                False,
                f"Vapi knows no {what} with the id {resource_id}. Copy its id from Vapi; "
                "it must belong to the same organization as the key.",
            )
        return unshown(error, provider="Vapi", what=what)
