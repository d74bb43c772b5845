"""What POST /call refuses before it looks at the number's digits (sections 2 and 3).

The schema holds what Vapi's description holds of the fields that Coachbot sends, and little else:
a field that it begins to send goes into docs/providers/vapi.md first, then here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from coachbot.sandbox.messages import Reply
from coachbot.sandbox.vapi import answers, catalog, rules
from coachbot.sandbox.vapi.errors import refusal

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_UNCHECKED_NUMBER = re.compile(r"\+?[a-zA-Z0-9]+")

SERVER_MESSAGES = (
    *("conversation-update", "end-of-call-report", "function-call", "hang", "speech-update"),
    *("status-update", "tool-calls", "transfer-destination-request", "user-interrupted"),
    *("handoff-destination-request", "assistant.started", "assistant.speechStarted"),
    *("transcript", 'transcript[transcriptType="final"]', "model-output", "voice-input"),
    *("language-change-detected", "transfer-update", "call.deleted", "call.delete.failed"),
)


def refuse(submitted: Any) -> Reply | None:
    """A decoded body in; Vapi's 400 out, or None if Vapi would take it."""
    violations = [*_BODY("", submitted)]
    if violations:
        return refusal(400, violations)
    return _refuse_unknown_assistant(submitted) or _refuse_unknown_phone_number(submitted)


def _refuse_unknown_assistant(submitted: Mapping[str, Any]) -> Reply | None:
    if submitted.get("assistantId"):
        found = catalog.exists(submitted["assistantId"])
        return None if found else answers.assistant_missing(submitted)
    if submitted.get("assistant"):
        return None
    choices = "`assistant`, `assistantId`, `squad`, Or `squadId`"
    return refusal(400, f"Couldn't Get Assistant. Need Either {choices}.")


def _refuse_unknown_phone_number(submitted: Mapping[str, Any]) -> Reply | None:
    if submitted.get("phoneNumberId"):
        found = catalog.exists(submitted["phoneNumberId"])
        return None if found else answers.phone_number_missing(submitted)
    if submitted.get("phoneNumber"):
        return None
    return refusal(400, "Couldn't Get Phone Number. Need Either `phoneNumberId` Or `phoneNumber`.")


def _customer(path: str, value: Any) -> Iterator[str]:
    yield from _CUSTOMER_FIELDS(path, value)
    number = value.get("number") if isinstance(value, dict) else None
    if not isinstance(number, str):
        return
    if value.get("numberE164CheckEnabled") is False:
        if not _UNCHECKED_NUMBER.fullmatch(number):
            yield f"{path}.number must be letters and digits with an optional + in front"
    elif not _E164.fullmatch(number):
        yield answers.NOT_E164.replace("customer", path, 1)


def full_model(path: str, value: Any) -> Iterator[str]:
    # Overrides replace the model as a whole, so a partial one is refused; the rest of it is free.
    if not isinstance(value, dict):
        yield f"{path} must be an object"
        return
    yield from (
        f"{path}.{name} must be present" for name in ("provider", "model") if not value.get(name)
    )


def _variable_values(path: str, value: Any) -> Iterator[str]:
    yield from rules.any_object(path, value)
    yield from _arrays(path, value)


def _arrays(path: str, value: Any) -> Iterator[str]:
    # Vapi takes arrays and drops them on the way; this refusal is ours, so that we notice.
    if isinstance(value, list):
        yield f"sandbox: {path} is an array, which Vapi drops silently; send a JSON string"
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _arrays(f"{path}.{name}", member)


def _not_played(path: str, value: Any) -> Iterator[str]:
    # Vapi knows these, so its own words would be a lie; Coachbot does not use them.
    yield f"sandbox: {path} is a property that Vapi takes and this sandbox does not play"


_BACKOFF_PLAN = rules.fields(
    {
        "type": rules.one_of(("fixed", "exponential")),
        "maxRetries": rules.number(0, 10),
        "baseDelaySeconds": rules.number(0, 10),
        "excludedStatusCodes": rules.each(rules.number(100, 599)),
    }
)

SERVER = rules.fields(
    {
        "url": rules.url,
        "timeoutSeconds": rules.number(1, 300),
        "credentialId": rules.uuid_text,
        # No longer in Vapi's schema, though still honoured (section 6).
        "secret": rules.text(),
        "headers": rules.any_object,
        "backoffPlan": _BACKOFF_PLAN,
        "staticIpAddressesEnabled": rules.boolean,
        "encryptedPaths": rules.each(rules.text()),
    }
)

_OVERRIDES = rules.fields(
    {
        "variableValues": _variable_values,
        "metadata": rules.any_object,
        "serverMessages": rules.each(rules.one_of(SERVER_MESSAGES)),
        "server": SERVER,
        "maxDurationSeconds": rules.number(10, 43200),
        "model": full_model,
    }
)

_CUSTOMER_FIELDS = rules.fields(
    {
        "number": rules.text(40, shortest=3),
        "numberE164CheckEnabled": rules.boolean,
        "name": rules.text(40),
        "email": rules.text(40),
        "externalId": rules.text(40),
        "extension": rules.text(10),
        "sipUri": rules.text(),
        "assistantOverrides": _OVERRIDES,
    },
    required=("number",),
)

_BODY = rules.fields(
    {
        "assistantId": rules.uuid_text,
        "assistantVersion": rules.text(),
        "assistant": rules.any_object,
        "phoneNumberId": rules.uuid_text,
        "phoneNumber": rules.any_object,
        "customer": _customer,
        "name": rules.text(40),
        "schedulePlan": rules.fields(
            {"earliestAt": rules.moment, "latestAt": rules.moment}, required=("earliestAt",)
        ),
        "assistantOverrides": _OVERRIDES,
        **dict.fromkeys(("customers", "squad", "squadId", "workflow", "workflowId"), _not_played),
    },
    required=("customer",),
)
