"""Asking Vapi whether an account is right: its key, its assistant, its phone number.

docs/providers/vapi.md (sections 5 and 11) has the facts this relies on.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from typing import Any

from coachbot.providers import ProviderError
from coachbot.providers.findings import BadKey, Finding, shown, unshown
from coachbot.providers.reading import text
from coachbot.providers.transport import Door
from coachbot.providers.vapi import client
from coachbot.providers.vapi.assistant import having, resources, wiring
from coachbot.providers.vapi.assistant.wiring import Wanted
from coachbot.providers.vapi.client import LARGEST_LIST, Account

TIMEOUT = 5.0
NO_SUCH_ID = (400, 404)  # Vapi's description does not say which of the two it is
# What answers a number by itself, so that Vapi asks nobody.
OWN_ANSWERERS = ("assistantId", "squadId", "workflowId")
VAPI_NUMBER = (
    "It is one of Vapi's own: it makes a few calls a day at most, and none abroad. "
    "Import a number from Twilio, Vonage or Telnyx for more."
)
WRONG_KEY = (
    "Vapi does not accept the API key. Copy the private key, not the public one, "
    "from Vapi (Organization, API keys)."
)


class Part(StrEnum):
    """Of what something was found. SERVER and TOOLS are the assistant's, INBOUND the number's."""

    KEY = "key"
    ASSISTANT = "assistant"
    SERVER = "server"
    TOOLS = "tools"
    NUMBER = "number"
    INBOUND = "inbound"


WHAT = {Part.ASSISTANT: "assistant", Part.NUMBER: "phone number"}


def verify_account(
    door: Door, account: Account, *, events_url: str, tool_urls: Mapping[str, str]
) -> list[Finding]:
    """Return what Vapi says of an account, part by part. Takes up to 15 seconds.

    events_url: where Vapi should report to, and ask who calls back. tool_urls: where the
    assistant should find each of our tools. Raises nothing: what could not be asked is a finding.
    """
    wanted = Wanted(events_url, tool_urls)
    try:
        assistant = _check_assistant(door, account, wanted)
        return [*assistant, *_check_phone_number(door, account, events_url)]
    except BadKey:
        return [Finding(False, WRONG_KEY, part=Part.KEY)]


def _check_assistant(door: Door, account: Account, wanted: Wanted) -> list[Finding]:
    found = _ask(door, account, Part.ASSISTANT, "assistant/{id}", account.assistant_id)
    if isinstance(found, Finding):
        return [found]
    name = text(found.get("name")) or account.assistant_id
    return [
        Finding(True, f"The assistant is there: {name}.", part=Part.ASSISTANT),
        _judge_server(found, wanted),
        _judge_tools(door, account, found, wanted),
    ]


def _judge_server(assistant: Mapping[str, Any], wanted: Wanted) -> Finding:
    url = having.url_of(assistant)
    if having.is_ours(url, wanted.events_url):
        return Finding(True, "The assistant reports to Coachbot.", part=Part.SERVER)
    if url:
        words = f"The assistant reports to {having.host_of(url) or 'another server'}, so Coachbot "
        words += "does not learn how its calls go. Set it up."
    else:
        words = "The assistant has no server URL of its own, so Coachbot may not learn how its "
        words += "calls go. Set it up."
    return Finding(None, words, part=Part.SERVER)


def _judge_tools(
    door: Door, account: Account, assistant: Mapping[str, Any], wanted: Wanted
) -> Finding:
    try:
        has_saved = having.tool_ids(assistant)
        saved = resources.list_tools(door, account, timeout=TIMEOUT) if has_saved else []
    except ProviderError as error:
        words = f"Which tools the assistant has could not be looked up. {error}"
        return Finding(None, words, is_answer=False, part=Part.TOOLS)
    if lacks := wiring.lacking(assistant, saved, wanted):
        words = f"The assistant lacks {_counted(lacks)} of Coachbot's tools: {', '.join(lacks)}."
        return Finding(None, f"{words} Set it up.", part=Part.TOOLS)
    return Finding(True, "The assistant has all of Coachbot's tools.", part=Part.TOOLS)


def _counted(names: list[str]) -> str:
    return "one" if len(names) == 1 else str(len(names))


def _check_phone_number(door: Door, account: Account, events_url: str) -> list[Finding]:
    found = _ask(door, account, Part.NUMBER, "phone-number/{id}", account.phone_number_id)
    if isinstance(found, Finding):
        return [found]
    return [_judge_outbound(found, account), _judge_inbound(found, events_url)]


def _judge_outbound(found: Mapping[str, Any], account: Account) -> Finding:
    there = f"The phone number is there: {text(found.get('number')) or account.phone_number_id}."
    status = text(found.get("status")) or "active"
    if status != "active":
        words = f"{there} But Vapi says that it is {status}, so it cannot call."
        return Finding(False, words, part=Part.NUMBER)
    if found.get("provider") == "vapi":
        return Finding(None, f"{there} {VAPI_NUMBER}", part=Part.NUMBER)
    return Finding(True, there, part=Part.NUMBER)


def _judge_inbound(number: Mapping[str, Any], events_url: str) -> Finding:
    """Say whether Vapi asks us who rings. That it does not keeps nobody from being called."""
    if taken := [name for name in OWN_ANSWERERS if text(number.get(name))]:
        return Finding(
            None,
            f"Vapi never asks Coachbot who calls back: the phone number has {taken[0]} set. Clear "
            "it in Vapi (Phone Numbers, Inbound Settings), so that leads who ring are known.",
            part=Part.INBOUND,
        )
    url = having.url_of(number)
    if having.is_ours(url, events_url):
        return Finding(True, "Vapi asks Coachbot who calls back.", part=Part.INBOUND)
    named = "has another server URL" if url else "has no server URL of its own"
    return Finding(
        None,
        f"Vapi does not ask Coachbot who calls back: the phone number {named}. Enter "
        f"{events_url} there, with the secret.",
        part=Part.INBOUND,
    )


def _ask(
    door: Door, account: Account, part: Part, path: str, resource_id: str
) -> Mapping[str, Any] | Finding:
    """Return a resource of the account, or the finding that says why not. Raises BadKey."""
    try:
        request = client.request(
            *(account, f"get_{WHAT[part].replace(' ', '_')}", "GET", f"/{path}"),
            resource=resource_id,
            largest=LARGEST_LIST,
            is_quiet=True,  # the row of who asked says what was found
        )
        return door.ask(request, timeout=TIMEOUT, read=partial(shown, provider="Vapi"))
    except ProviderError as error:
        if error.status in NO_SUCH_ID:
            return Finding(False, no_such(WHAT[part], resource_id), part=part)
        return unshown(error, provider="Vapi", what=WHAT[part], part=part)


def no_such(what: str, resource_id: str) -> str:
    """Return the sentence for an id that Vapi does not know."""
    return (
        f"Vapi knows no {what} with the id {resource_id}. Copy its id from Vapi; "
        "it must belong to the same organization as the key."
    )
