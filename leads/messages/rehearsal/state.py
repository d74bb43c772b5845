"""What was said while the agent is tried out, as it travels in the page's form: signed, bounded."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.core import signing

SALT = "leads.messages.rehearsal"
MOST_LINES = 60
# Characters of a signed state: it travels in a form, both ways.
LONGEST = 120_000
LIFE = timedelta(hours=12)


class Full(Exception):
    """It has become too long to be taken further."""


class Unreadable(Exception):
    """It was not signed here, is of another workspace, or is too old."""


@dataclass(frozen=True)
class Line:
    """What the page shows of one moment. who: `lead`, `agent` or `note`.

    tools: name, arguments and answer of each. verdicts: code and draft of each. at: ISO 8601, by
    the clock of the chat.
    """

    who: str
    text: str
    at: str
    tools: list[dict[str, Any]] = field(default_factory=list)
    verdicts: list[dict[str, str]] = field(default_factory=list)
    tokens: int = 0
    rounds: int = 0


@dataclass(frozen=True)
class State:
    """A chat that is tried out. hours: how far its clock is ahead.

    exchange: the rounds of tools. offered: the starts that were named, in UTC. booking: the start
    that was booked, "" before. ended: why the agent answers no more, "" while it does.
    """

    lines: list[Line] = field(default_factory=list)
    exchange: list[dict[str, Any]] = field(default_factory=list)
    hours: int = 0
    last_inbound: str = ""
    profile: dict[str, str] = field(default_factory=dict)
    offered: list[str] = field(default_factory=list)
    booking: str = ""
    status: str = "in_conversation"
    unreadable: int = 0
    ended: str = ""

    @property
    def tokens(self) -> int:
        """How many tokens it took so far."""
        return sum(line.tokens for line in self.lines)

    def with_line(self, line: Line) -> "State":
        """Return it with something more that was said."""
        return replace(self, lines=[*self.lines, line])

    def now(self, by_clock: datetime) -> datetime:
        """Return what time it is in the chat."""
        return by_clock + timedelta(hours=self.hours)


def dump(state: State, workspace_id: int) -> str:
    """Return a state as signed text. Raises Full."""
    signed = signing.dumps(asdict(state), salt=f"{SALT}.{workspace_id}", compress=True)
    if len(signed) > LONGEST or len(state.lines) > MOST_LINES:
        raise Full
    return signed


def load(signed: str, workspace_id: int) -> State:
    """Return what dump() was given; an empty one for "". Raises Unreadable."""
    if not signed:
        return State()
    if len(signed) > LONGEST:
        raise Unreadable
    try:
        found = signing.loads(signed, salt=f"{SALT}.{workspace_id}", max_age=LIFE)
    except signing.BadSignature as error:
        raise Unreadable from error
    return State(**{**found, "lines": [Line(**line) for line in found["lines"]]})
