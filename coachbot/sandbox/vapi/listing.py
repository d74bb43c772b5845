"""Reading calls: which filters exist for a list, and what they let through (section 4)."""

import itertools
import operator
from collections.abc import Mapping
from datetime import datetime

from coachbot.sandbox.clock import moment_of
from coachbot.sandbox.messages import Reply, Request, json_reply
from coachbot.sandbox.vapi.calls import EVER, Store
from coachbot.sandbox.vapi.errors import refusal
from coachbot.sandbox.vapi.placed import Call

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1000
EQUALS = ("id", "assistantId", "phoneNumberId")
COMPARISONS = {"Gt": operator.gt, "Lt": operator.lt, "Ge": operator.ge, "Le": operator.le}
TIMES = {
    f"{name}{suffix}": (name, compare)
    for name in ("createdAt", "updatedAt")
    for suffix, compare in COMPARISONS.items()
}


def list_calls(request: Request, store: Store) -> Reply:
    """The org's calls that pass every filter, newest first, as a bare array."""
    problems = query_problems(request.query, allowed=(*EQUALS, *TIMES, "limit"))
    if problems:
        return refusal(400, problems)
    made = store.shown(request.key, made=_made(request.query))
    passing = (call.body for call in made if _passes(call, request.query))
    return json_reply(list(itertools.islice(passing, limit_of(request.query))))


def _made(query: Mapping[str, str]) -> tuple[datetime, datetime]:
    """Within which time the calls of a checked query were made; _passes() draws the line."""
    earliest, latest = EVER
    for name, value in query.items():
        if name in ("createdAtGt", "createdAtGe"):
            earliest = max(earliest, moment_of(value))
        if name in ("createdAtLt", "createdAtLe"):
            latest = min(latest, moment_of(value))
    return earliest, latest


def show_call(request: Request, store: Store, call_id: str) -> Reply:
    """GET /call/{id}: one call of the org, 404 for anything else."""
    call = store.find(request.key, call_id)
    return json_reply(call.body) if call else refusal(404, f"Call `{call_id}` does not exist.")


def delete_call(request: Request, store: Store, call_id: str) -> Reply:
    """DELETE /call/{id}: the call, which nobody finds any more; only of one that does not run."""
    call = store.find(request.key, call_id)
    if call is None or not store.org(request.key).deletes:
        return refusal(404, f"Call `{call_id}` does not exist.")
    if not store.delete(call):
        return refusal(400, "A call that goes on cannot be deleted.")
    return json_reply(call.body)


def limit_of(query: Mapping[str, str]) -> int:
    """The limit that a checked query asks for."""
    return int(query.get("limit", DEFAULT_LIMIT))


def query_problems(query: Mapping[str, str], *, allowed: tuple[str, ...]) -> list[str]:
    """What Vapi would say against these query parameters; empty if nothing."""
    problems = [f"property {name} should not exist" for name in query if name not in allowed]
    problems += _limit_problems(query.get("limit"))
    for name in TIMES:
        if name in allowed and name in query and _read_time(query[name]) is None:
            problems.append(f"{name} must be a valid ISO 8601 date string")
    return problems


def _limit_problems(limit: str | None) -> list[str]:
    if limit is None:
        return []
    try:
        value = int(limit)
    except ValueError:
        return ["limit must be a number conforming to the specified constraints"]
    if value > LARGEST_LIMIT:
        return [f"limit must not be greater than {LARGEST_LIMIT}"]
    return ["limit must not be less than 0"] if value < 0 else []


def _read_time(text: str) -> datetime | None:
    try:
        return moment_of(text)
    except ValueError:
        return None


def _passes(call: Call, query: Mapping[str, str]) -> bool:
    same = all(call.body.get(name) == query[name] for name in EQUALS if name in query)
    return same and all(
        compare(moment_of(call.body[field]), moment_of(query[name]))
        for name, (field, compare) in TIMES.items()
        if name in query
    )
