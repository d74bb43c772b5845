"""The follow-up plan: how long after an attempt the next one is made.

Pure, as `hours`: what a setting says, and when the next attempt is due. Whether it may be made
then is the gate's to say.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from leads.contact import hours
from leads.contact.hours import Hours

NAMED = {"gentle": "4h,1d", "standard": "45m,3h,1d,3d,6d"}
MOST_GAPS = 8
LONGEST_GAP = timedelta(days=90)
GAP = re.compile(r"([1-9]\d{0,5})([smhd])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
A_DAY = timedelta(days=1)
EXAMPLE = "Write gentle, standard, or 1 to 8 gaps such as 45m,3h,1d."


class BadPlan(ValueError):
    """A text says no plan; `str()` says why."""


@dataclass(frozen=True)
class Plan:
    """Gaps, each from the end of the attempt before. None at all: the first call is the only."""

    gaps: tuple[timedelta, ...] = ()

    @property
    def attempts(self) -> int:
        """Return how many attempts there are in all, the first included."""
        return len(self.gaps) + 1


def parse(text: str) -> Plan:
    """Return the plan that a setting says; empty is none. Raises BadPlan."""
    text = text.strip().lower()
    if not text:
        return Plan()
    gaps = tuple(_gap(word.strip()) for word in NAMED.get(text, text).split(","))
    if len(gaps) > MOST_GAPS:
        raise BadPlan(f"A plan has at most {MOST_GAPS} gaps, and these are {len(gaps)}.")
    return Plan(gaps)


def _gap(word: str) -> timedelta:
    found = GAP.fullmatch(word)
    if not found:
        raise BadPlan(f"{word or 'Nothing'!r} is no gap. {EXAMPLE}")
    gap = timedelta(**{UNITS[found[2]]: int(found[1])})
    if gap > LONGEST_GAP:
        raise BadPlan(f"{word!r} is longer than {LONGEST_GAP.days} days.")
    return gap


def due(
    gap: timedelta, *, since: datetime, allowed: Hours, zones: tuple[ZoneInfo, ...]
) -> datetime:
    """Return when the attempt after a gap is due, in UTC.

    since: when the attempt before ended. A gap under a day is exact, and the hours may hold what
    is due then; from a day on it is the other half of the lead's day, within the hours. Where
    these have no other half, it is their first moment after the gap.
    """
    if gap < A_DAY:
        return since + gap
    local = since.astimezone(zones[0])
    day = local.date() + gap
    was_morning = local.hour * 60 + local.minute < hours.NOON
    other = allowed.half(is_morning=not was_morning)
    begin = hours.beginning_of(day, zones[0])
    opening = hours.next_opening(other, begin, zones)
    return opening or hours.next_opening(allowed, since + gap, zones) or since + gap
