"""What the setting of the follow-up plan says: how long after an attempt the next is made. Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError

NAMED = {"gentle": "4h,1d", "standard": "45m,3h,1d,3d,6d"}
MOST_GAPS = 8
LONGEST_GAP = timedelta(days=90)
GAP = re.compile(r"([1-9]\d{0,5})([smhd])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
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


def validate_plan(value: str) -> None:
    """Raise ValidationError where a text says no plan."""
    try:
        parse(value)
    except BadPlan as error:
        raise ValidationError(str(error)) from error
