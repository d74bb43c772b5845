"""What an org of Vapi's has and lacks: lines, credit, a key that works. Set while it goes on.

POST /sandbox/org with the API key as its bearer token changes what its body names; GET tells how
many calls go on. It is the sandbox's own, and not Vapi's.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from coachbot.sandbox.messages import Reply, Request, json_reply
from coachbot.sandbox.vapi import answers
from coachbot.sandbox.vapi.errors import refusal

PATH = "/sandbox/org"


class WhenFull(StrEnum):
    """What becomes of a call for which no line is free (section 2)."""

    REFUSE = "refuse"  # 400
    BLOCK = "block"  # 201 that says so, and the call is held back for ever
    WAIT = "wait"  # 201 that says so, and Vapi begins the call once a line is free
    END = "end"  # 201, and the call ends at once


@dataclass(frozen=True)
class Org:
    """lines: how many calls may go on at once; None for any number. told: how many it says that it
    has. when_full: what becomes of one more. fault: a word of FAULTS, or "". deletes: whether it
    deletes calls that wait.
    """

    lines: int | None = None
    told: int | None = None
    when_full: WhenFull = WhenFull.REFUSE
    fault: str = ""
    deletes: bool = True

    def limits(self, going_on: int, *, is_blocked: bool) -> dict[str, Any]:
        """The subscriptionLimits of a 201. going_on: calls, this one among them."""
        told = self.lines if self.told is None else self.told
        known = {} if told is None else {"concurrencyLimit": told}
        rest = {} if told is None else {"remainingConcurrentCalls": max(0, told - going_on)}
        return {"concurrencyBlocked": is_blocked, **known, **rest}


# An account fault by its name: the answer to every call, None where it is taken and never rings.
FAULTS: dict[str, answers.Answer | None] = {
    "no_balance": answers.no_balance,
    "invalid_key": answers.invalid_key,
    "assistant_missing": answers.assistant_missing,
    "phone_number_missing": answers.phone_number_missing,
    "trial_account": answers.refused(400, answers.TRIAL_ACCOUNT),
    "never_rings": None,
}
READ: dict[str, Callable[[Any], Any]] = {
    "lines": lambda value: None if value is None else int(value),
    "told": lambda value: None if value is None else int(value),
    "when_full": WhenFull,
    "fault": lambda value: value if value in FAULTS else _no_fault(value),
    "deletes": bool,
}


def change(request: Request, store: Any) -> Reply:
    """POST /sandbox/org: an object with some of an Org's fields in, all of them out."""
    try:
        told = json.loads(request.body or b"{}")
        changed = {name: READ[name](value) for name, value in told.items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        names = ", ".join(field.name for field in fields(Org))
        return refusal(400, f"Send JSON with some of {names}: {error!r}.")
    store.set_org(request.key, replace(store.org(request.key), **changed))
    return show(request, store)


def show(request: Request, store: Any) -> Reply:
    """GET /sandbox/org: the org, how many calls go on, and how many did at most."""
    going, most = store.going_on(request.key)
    return json_reply({**asdict(store.org(request.key)), "going_on": going, "most_at_once": most})


def _no_fault(value: Any) -> str:
    if value:
        raise ValueError(f"There are: {', '.join(FAULTS)}")
    return ""
