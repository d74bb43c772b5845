"""What Vapi's messages add up to: the state of a call as a function of their set.

Messages come repeated, shuffled, late or not at all. So each fact is kept by a rule that
does not care for order or repetition: of several moments the earliest, of several texts
the longest, of several yeses and noes the yes, of several costs the one reported last. The
columns follow from the facts.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from coachbot.providers.vapi.ended_reasons import explain
from coachbot.providers.vapi.endings import Reach
from coachbot.providers.vapi.events import CallNews
from coachbot.providers.vapi.turns import Turn
from leads.models import Call, CallStatus

MOMENTS = ("picked_up_at", "hung_up_at", "reported_at", "started_at", "ended_at")
COLUMNS = (
    *("told", "status", "started_at", "ended_at", "ended_reason"),
    *("transcript", "turns", "summary", "has_recording", "cost"),
)
REASONS = ("hung_up_reason", "ended_reason")


def learn(call: Call, news: CallNews) -> bool:
    """Add news to a call, in memory; write its COLUMNS. Return whether anything changed."""
    before = _state(call)
    call.told = _merge(call.told, news)
    call.transcript = _fuller(call.transcript, news.transcript)
    call.turns = max(call.turns, [_stored(turn) for turn in news.turns], key=_fullness)
    call.summary = _fuller(call.summary, news.summary)
    call.has_recording = call.has_recording or news.has_recording
    _compute_columns(call)
    return _state(call) != before


def _merge(told: dict[str, Any], news: CallNews) -> dict[str, Any]:
    merged: dict[str, Any] = dict(told)
    for name in (*MOMENTS, *REASONS):
        value = getattr(news, name)
        text = _iso(value) if isinstance(value, datetime) else value
        if text:
            merged[name] = min(text, merged.get(name, text))
    if news.has_spoken is not None:
        merged["has_spoken"] = news.has_spoken or merged.get("has_spoken", False)
    if news.cost is not None and news.reported_at:
        # Vapi corrects it: what was told last counts.
        reported = [_iso(news.reported_at), str(news.cost)]
        merged["cost"] = max(reported, merged.get("cost", reported))
    return merged


def _compute_columns(call: Call) -> None:
    """The report knows better than the status messages; what Coachbot assumed counts least."""
    told = call.told
    call.cost = Decimal(told["cost"][1]) if "cost" in told else call.cost
    call.started_at = _read(told.get("started_at") or told.get("picked_up_at"))
    if "hung_up_at" in told or "reported_at" in told:
        call.status = CallStatus.ENDED
        end = told.get("ended_at") or told.get("hung_up_at") or told["reported_at"]
        call.ended_at = _read(end)
        reason = told.get("ended_reason") or told.get("hung_up_reason")
        call.ended_reason = reason or call.ended_reason


def was_reached(call: Call) -> bool:
    """Tell whether the agent talks, or has talked, to the person.

    This is the rule behind a lead's `in_conversation`. While the call runs, a line that
    was picked up counts. Once it is over, its reason decides: a machine or nobody is not
    the person. Where the reason leaves that open (a fault, silence), the report's turns
    decide, and without them whether the line was picked up.
    """
    # A call of which no message told can have its moments from elsewhere.
    picked_up = "picked_up_at" in call.told if call.told else call.started_at is not None
    if call.status != CallStatus.ENDED or not call.told:
        return picked_up
    match explain(call.ended_reason).reach:
        case Reach.PERSON:
            return True
        case Reach.NOBODY:
            return False
    return bool(call.told.get("has_spoken", picked_up))


def _state(call: Call) -> tuple[Any, ...]:
    return tuple(getattr(call, name) for name in COLUMNS)


def _fuller(one: str, other: str) -> str:
    return max(one, other, key=lambda text: (len(text), text))


def _stored(turn: Turn) -> dict[str, Any]:
    return {"speaker": turn.speaker.value, "text": turn.text, "second": turn.second}


def _fullness(turns: list[dict[str, Any]]) -> tuple[int, str]:
    """Return what says which of two lists of turns tells more; no two that differ are equal."""
    return sum(len(turn["text"]) for turn in turns), json.dumps(turns, sort_keys=True)


def _iso(moment: datetime) -> str:
    """Return a moment as text that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
