"""POST /call: check what was sent, let the number choose the outcome, place the call or not."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coachbot.sandbox.messages import Reply, Request
from coachbot.sandbox.vapi import answers, orgs, outcomes, validation
from coachbot.sandbox.vapi.calls import Store
from coachbot.sandbox.vapi.errors import refusal
from coachbot.sandbox.vapi.outcomes import Outcome


def create_call(request: Request, store: Store) -> Reply:
    """A CreateCallDTO in; 201 with a Call out, or whatever the number's last digits stand for."""
    try:
        submitted = _read_json(request)
    except (ValueError, RecursionError) as error:
        return refusal(400, f"Body is not valid JSON: {error}")
    refused = validation.refuse(submitted)
    if refused:
        return refused
    number = submitted["customer"]["number"]
    attempt = store.count_attempt(request.key, number)
    outcome = outcomes.choose(number, attempt=attempt)
    return _carry_out(outcome, submitted, request.key, store)


def _read_json(request: Request) -> Any:
    # NestJS leaves a body of another type unread, and then misses every field in it.
    if "application/json" not in request.headers.get("Content-Type", ""):
        return {}
    return json.loads(request.body or b"", parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _carry_out(outcome: Outcome, submitted: Mapping[str, Any], key: str, store: Store) -> Reply:
    org = store.org(key)
    if org.fault and (answer := orgs.FAULTS[org.fault]):
        return answer(submitted, None)
    if not outcome.placed:
        return replace(outcome.answer(submitted, None), delay=outcome.delay)
    # The call is placed before the answer waits: a client that gives up early has dialled.
    ending = "never-rang" if org.fault else outcome.ending
    call = store.place(key, submitted, ending=ending, hidden_for=outcome.hidden_for)
    if call is None:
        return refusal(400, answers.OVER_CONCURRENCY)
    store.crowd(call, outcome.crowd)
    body = {"subscriptionLimits": call.limits, **call.body}
    return replace(outcome.answer(submitted, body), delay=outcome.delay)
