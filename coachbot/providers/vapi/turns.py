"""What was said in a call, turn by turn, out of Vapi's list of messages."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from coachbot.providers.reading import items, text

# A call of Vapi's lasts 10 minutes unless it is told otherwise; 12 hours are the most.
MOST_TURNS = 1_000
LONGEST_TURN = 4_000
LONGEST_IN_ALL = 200_000
LATEST_SECOND = 12 * 60 * 60


class Speaker(StrEnum):
    """Who speaks. The values are stored."""

    AGENT = "agent"
    LEAD = "lead"


ROLES = {"bot": Speaker.AGENT, "assistant": Speaker.AGENT, "user": Speaker.LEAD}


@dataclass(frozen=True)
class Turn:
    """What one of the two said. second: of the recording, None where that is not told."""

    speaker: Speaker
    text: str
    second: float | None = None


def read_turns(messages: Any) -> tuple[Turn, ...]:
    """Return what person and assistant said, in its order, cut to a size that can be stored.

    System prompts and tool calls, which are in the same list, are no turns.
    """
    turns: list[Turn] = []
    left = LONGEST_IN_ALL
    for turn in _turns(messages):
        left -= len(turn.text)
        if left < 0 or len(turns) == MOST_TURNS:
            break
        turns.append(turn)
    return tuple(turns)


def said(message: Mapping[str, Any]) -> str:
    """Return the words of a message."""
    return text(message.get("message")) or text(message.get("content"))


def _turns(messages: Any) -> Iterator[Turn]:
    for message in items(messages):
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            continue
        speaker, words = ROLES.get(message["role"]), said(message)
        if speaker and words:
            yield Turn(speaker, words[:LONGEST_TURN], _second(message.get("secondsFromStart")))


def _second(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    is_right = math.isfinite(value) and 0 <= value <= LATEST_SECOND
    return round(float(value), 1) if is_right else None
