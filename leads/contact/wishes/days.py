"""Which day is meant: tomorrow, Friday, 27 November."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from leads.contact.wishes.words import Words

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
WEEKDAY = r"(?P<weekday>mon|tues?|wed|wednes|thu|thurs?|fri|sat|satur|sun)(?:day)?s?"
MONTH = (
    r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?"
)
NUMBER, YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?:,? (?P<year>20\d\d))?"


@dataclass(frozen=True)
class Day:
    """A day that was named. repeats: days after which it comes again, where only that was said."""

    on: date
    repeats: int = 0


def take(words: Words, today: date) -> Day | None:
    """Take the day out of a wish; None where none is named. Raises ValueError for no date."""
    for pattern, read in PATTERNS:
        if found := words.take(pattern):
            return read(found, today)
    return None


def _ahead(days: int) -> Callable[[re.Match[str], date], Day]:
    return lambda found, today: Day(today + timedelta(days=days))


def _after(found: re.Match[str], today: date) -> Day:
    days = int(found["number"]) * (7 if found["unit"].startswith("week") else 1)
    return Day(today + timedelta(days=days))


def _weekday(found: re.Match[str], today: date) -> Day:
    """The one that comes next, today included."""
    ahead = (WEEKDAYS.index(found["weekday"][:3]) - today.weekday()) % 7
    return Day(today + timedelta(days=ahead), repeats=7)


def _next_weekday(found: re.Match[str], today: date) -> Day:
    """The one of the week that begins next Monday. The answer names the date, as some mean less."""
    return Day(_monday(today) + timedelta(days=WEEKDAYS.index(found["weekday"][:3])))


def _next_week(found: re.Match[str], today: date) -> Day:
    return Day(_monday(today))


def _weekend(found: re.Match[str], today: date) -> Day:
    return Day(today + timedelta(days=(5 - today.weekday()) % 7), repeats=7)


def _monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _iso(found: re.Match[str], today: date) -> Day:
    return Day(date.fromisoformat(found[0]))


def _date(found: re.Match[str], today: date) -> Day:
    """A day of a month, this year or next."""
    month, day = MONTHS.index(found["month"][:3]) + 1, int(found["day"])
    return _checked(_of_year(found["year"], month, day, today), found["weekday"])


def _checked(on: date, weekday: str | None) -> Day:
    if weekday and WEEKDAYS[on.weekday()] != weekday[:3]:
        raise ValueError("That date is another day of the week.")
    return Day(on)


def _figures(found: re.Match[str], today: date) -> Day:
    """27/11 or 11/27: which of the two is the month has to be plain."""
    one, other = int(found["one"]), int(found["other"])
    if found["mark"] == "/" and one <= 12 and other <= 12 and one != other:
        raise ValueError("Either may be the month.")
    day, month = (one, other) if found["mark"] == "." or one > 12 else (other, one)
    return Day(_of_year(found["year"], month, day, today))


def _of_year(year: str | None, month: int, day: int, today: date) -> date:
    if year:
        return date(int(year), month, day)
    this = date(today.year, month, day)
    return this if this >= today else date(today.year + 1, month, day)


def _of_month(found: re.Match[str], today: date) -> Day:
    """The 27th: of this month, or else of the next that has one."""
    day = int(found["day"])
    return _checked(next(on for on in _months(today, day) if on >= today), found["weekday"])


def _months(today: date, day: int) -> Iterator[date]:
    if not 1 <= day <= 31:
        raise ValueError("No month has such a day.")
    for ahead in range(4):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        try:
            yield date(year, month + 1, day)
        except ValueError:
            continue


PATTERNS: tuple[tuple[str, Callable[[re.Match[str], date], Day]], ...] = (
    (r"20\d\d-\d\d-\d\d", _iso),
    (r"(?:the )?day after tomorrow", _ahead(2)),
    (r"tomorrow|tmrw?", _ahead(1)),
    (r"today", _ahead(0)),
    (r"(?:in |after )(?P<number>\d{1,2}) (?P<unit>days?|weeks?)(?: time)?", _after),
    (r"(?P<number>\d{1,2}) (?P<unit>days?|weeks?) (?:from now|later)", _after),
    (rf"next week (?:on )?{WEEKDAY}", _next_weekday),
    (rf"(?:on )?{WEEKDAY} (?:of )?next week", _next_weekday),
    (rf"next {WEEKDAY}", _next_weekday),
    (r"next week", _next_week),
    (rf"(?:{WEEKDAY} )?(?:the )?{NUMBER} (?:of )?{MONTH}{YEAR}", _date),
    (rf"(?:{WEEKDAY} )?{MONTH} (?:the )?{NUMBER}{YEAR}", _date),
    (
        r"(?P<one>\d{1,2})(?P<mark>[/.])(?P<other>\d{1,2})(?P=mark)(?P<year>20\d\d)?",
        _figures,
    ),
    (r"(?P<one>\d{1,2})(?P<mark>/)(?P<other>\d{1,2})(?P<year>)", _figures),
    (rf"(?:{WEEKDAY} )?the (?P<day>\d{{1,2}})(?:st|nd|rd|th)", _of_month),
    (rf"(?:(?:on|this|coming) )*{WEEKDAY}", _weekday),
    (r"(?:(?:on|at|this|the|coming) )*weekend", _weekend),
)
