"""What was said in a call, as turns to read beside the recording."""

import re
from dataclasses import dataclass
from typing import Any

from coachbot.providers.vapi.endings import Reach
from coachbot.providers.vapi.turns import Speaker
from leads.models import Call

AGENT = "AI"
# On a line that a machine picked up, or nobody, it is not the lead who speaks.
NOT_THE_LEAD = "The line"
# The names that Vapi gives to the two in the plain text.
LINE = re.compile(r"(?:(AI|Assistant|Bot)|(User|Customer)):\s*(.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Turn:
    """What one of the two said. second: of the recording, None where that is not known."""

    speaker: str
    text: str
    is_agent: bool = False
    second: float | None = None

    @property
    def at(self) -> str:
        """Return where in the recording it begins, as players show it: `1:05`."""
        minutes, seconds = divmod(int(self.second or 0), 60)
        return f"{minutes}:{seconds:02}"


def read_turns(call: Call) -> list[Turn]:
    """Return the turns of a call; out of its plain text where it has no others, without times."""
    lead = NOT_THE_LEAD if call.ending.reach is Reach.NOBODY else call.lead.plain_name
    if call.turns:
        return [_stored(turn, lead) for turn in call.turns]
    return _of_text(call.transcript, lead)


def _stored(turn: dict[str, Any], lead: str) -> Turn:
    is_agent = turn["speaker"] == Speaker.AGENT
    return Turn(AGENT if is_agent else lead, turn["text"], is_agent, turn["second"])


def _of_text(text: str, lead: str) -> list[Turn]:
    """Take a transcript apart at the names; a line without one belongs to the turn before."""
    turns: list[Turn] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if found := LINE.fullmatch(line):
            turns.append(Turn(AGENT if found[1] else lead, found[3], bool(found[1])))
        elif turns:
            last = turns.pop()
            turns.append(Turn(last.speaker, f"{last.text}\n{line}", last.is_agent))
        else:
            turns.append(Turn("", line))
    return turns
