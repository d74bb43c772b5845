"""Asking Vapi whether an account is right: its key, its assistant, its phone number."""

import json

from django.conf import settings

from coachbot.providers import ProviderError, transport
from coachbot.providers.findings import Finding
from coachbot.providers.vapi.client import Account

TIMEOUT = 5.0
NO_SUCH_ID = (400, 404)  # Vapi's description does not say which of the two it is
VAPI_NUMBER = (
    "It is one of Vapi's own: it makes a few calls a day at most, and none abroad. "
    "Import a number from Twilio, Vonage or Telnyx for more."
)


class BadKey(Exception):
    """Vapi does not accept the key, so it says nothing of the rest."""


def verify_account(account: Account) -> list[Finding]:
    """Return what Vapi says of an account, part by part. Takes up to 10 seconds.

    Raises nothing: what could not be asked is a finding too.
    """
    try:
        return [_check_assistant(account), _check_phone_number(account)]
    except BadKey:
        return [
            Finding(
                False,
                "Vapi does not accept the API key. Copy the private key, not the public one, "
                "from Vapi (Organization, API keys).",
            )
        ]


def _check_assistant(account: Account) -> Finding:
    found = _ask(account, "assistant", "assistant", account.assistant_id)
    if isinstance(found, Finding):
        return found
    return Finding(True, f"The assistant is there: {found.get('name') or account.assistant_id}.")


def _check_phone_number(account: Account) -> Finding:
    found = _ask(account, "phone number", "phone-number", account.phone_number_id)
    if isinstance(found, Finding):
        return found
    there = f"The phone number is there: {found.get('number') or account.phone_number_id}."
    status = found.get("status") or "active"
    if status != "active":
        return Finding(False, f"{there} But Vapi says that it is {status}, so it cannot call.")
    if found.get("provider") == "vapi":
        return Finding(None, f"{there} {VAPI_NUMBER}")
    return Finding(True, there)


def _ask(account: Account, what: str, path: str, resource_id: str) -> dict | Finding:
    """Return a resource of the account, or the finding that says why not. Raises BadKey."""
    try:
        answer = transport.ask(
            f"Vapi GET /{path}",
            "GET",
            f"{settings.VAPI_BASE_URL}/{path}/{resource_id}",
            timeout=TIMEOUT,
            headers={"Authorization": f"Bearer {account.api_key}"},
        )
        return json.loads(answer.text)
    except ProviderError as error:
        if error.status == 401:
            raise BadKey from error
        if error.status in NO_SUCH_ID:
            return Finding(
                False,
                f"Vapi knows no {what} with the id {resource_id}. Copy its id from Vapi; "
                "it must belong to the same organization as the key.",
            )
        return Finding(False, f"The {what} could not be checked. {error}")
    except ValueError:
        return Finding(False, f"The {what} could not be checked: Vapi's answer is not readable.")
