"""What the settings of calling hours and days off say: windows of a week. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

ALWAYS = "always"
LATER = "mon-fri 09:00-20:00, sat 10:00-17:00"  # what calls of one's own accord keep to at first
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60
NOON = 13 * 60  # where the halves of a day meet: lunch belongs to the morning
FORM = re.compile(r"(?P<first>[a-z]{3})(-(?P<last>[a-z]{3}))? (?P<start>\S+)-(?P<end>\S+)")
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
EXAMPLE = "Write for example: mon-fri 09:00-12:00, mon-fri 14:00-20:00, sat 10:00-17:00."


class BadHours(ValueError):
    """A text says no hours, or hours at which nobody can ever be called; `str()` says why."""


@dataclass(frozen=True, order=True)
class Window:
    """A part of a day of the week (0 is Monday), in minutes from midnight; the end is outside."""

    day: int
    start: int
    end: int


@dataclass(frozen=True)
class Hours:
    """Windows, and the dates on which there are none. No windows at all: never."""

    windows: tuple[Window, ...]
    days_off: frozenset[date] = frozenset()

    def of_day(self, day: date) -> list[Window]:
        """Return the windows of a date, as the calendar of the zone has it."""
        if day in self.days_off:
            return []
        return [window for window in self.windows if window.day == day.weekday()]

    def half(self, *, is_morning: bool) -> "Hours":
        """Return what of the hours lies before 13:00, or what lies after."""
        first, last = (0, NOON) if is_morning else (NOON, MINUTES_A_DAY)
        cut = (Window(w.day, max(w.start, first), min(w.end, last)) for w in self.windows)
        return Hours(tuple(w for w in cut if w.start < w.end), self.days_off)


ANY_TIME = Hours(tuple(Window(day, 0, MINUTES_A_DAY) for day in range(len(DAYS))))


def parse(text: str) -> Hours:
    """Return the hours that a setting says: `always`, or windows with commas between.

    Raises BadHours.
    """
    parts = [" ".join(part.split()).lower() for part in text.split(",")]
    if parts == [ALWAYS]:
        return ANY_TIME
    windows = {window for part in parts for window in _windows(part)}
    return Hours(tuple(sorted(windows)))


def _windows(part: str) -> Iterator[Window]:
    found = FORM.fullmatch(re.sub(r"\s*-\s*", "-", part))
    if not found:
        raise BadHours(f"{part or 'Nothing'!r} is no window. {EXAMPLE}")
    first, last = _day(found["first"]), _day(found["last"] or found["first"])
    start, end = _minutes(found["start"]), _minutes(found["end"])
    if start >= end:
        raise BadHours(f"{part!r} ends before it begins, so nobody could be called. {EXAMPLE}")
    if last < first:
        raise BadHours(f"{part!r}: the days run from Monday to Sunday. {EXAMPLE}")
    for day in range(first, last + 1):
        yield Window(day, start, end)


def _day(word: str) -> int:
    if word not in DAYS:
        raise BadHours(f"{word!r} is no day. The days are {', '.join(DAYS)}.")
    return DAYS.index(word)


def _minutes(text: str) -> int:
    if not CLOCK.fullmatch(text):
        raise BadHours(f"{text!r} is no time. Write times as 09:00, to 24:00.")
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def parse_days_off(text: str) -> frozenset[date]:
    """Return dates that are written with commas between, as 2026-12-25. Raises BadHours."""
    words = text.replace(",", " ").split()
    try:
        return frozenset(map(date.fromisoformat, words))
    except ValueError as error:
        raise BadHours(f"Write days off as dates, such as 2026-12-25: {error}.") from error


def validate_hours(value: str) -> None:
    """Raise ValidationError where a text says no hours."""
    try:
        parse(value)
    except BadHours as error:
        raise ValidationError(str(error)) from error


def validate_days_off(value: str) -> None:
    """Raise ValidationError where a text says no dates."""
    try:
        parse_days_off(value)
    except BadHours as error:
        raise ValidationError(str(error)) from error
