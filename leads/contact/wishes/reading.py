"""A wish as a moment: its day and its time of day, or how long from now."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leads.contact.wishes import clocks, days
from leads.contact.wishes.clocks import Clock
from leads.contact.wishes.days import Day
from leads.contact.wishes.words import Words

LONGEST = 200
# When a part of the day is taken to begin for this, and when it is over.
PARTS = {
    "morning": (time(10), time(12)),
    "lunch": (time(12), time(14)),
    "afternoon": (time(15), time(18)),
    "evening": (time(18), time(21)),
    "night": (time(19), time(22)),
}
SHIFTS = {"early": timedelta(hours=-1), "late": timedelta(hours=1)}
ANY_HOUR = time(10)
SPAN = r"(?P<number>\d{1,3})(?P<more>\.5| and a half)? ?(?P<unit>minutes?|mins?|m|hours?|hrs?|h)"
MINUTES = r"(?: (?:and )?(?P<minutes>\d{1,2}) ?(?:minutes?|mins?|m))?"


class Unreadable(ValueError):
    """A wish cannot be read as one moment."""


def read(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment that is wished for, in UTC; it may lie in the past.

    text: an ISO 8601 time, without an offset one of the zone, or English words. now: the moment
    at which it is said. zone: where the person is. Raises Unreadable.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise Unreadable("A wish is shorter.")
    try:
        return _iso(text, zone) or _read(Words(text), now.astimezone(zone))
    except (ValueError, OverflowError) as error:
        raise Unreadable(str(error)) from error


def _iso(text: str, zone: ZoneInfo) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\d[t ]\d", text, re.IGNORECASE):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None  # it may be 2026-11-27 5pm
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _read(words: Words, now: datetime) -> datetime:
    if span := words.take(rf"in {SPAN}{MINUTES}") or words.take(
        rf"{SPAN}{MINUTES} (?:from now|later)"
    ):
        moment = _from_now(span, now)
    else:
        moment = _wall_time(words, now)
    if words.rest:
        raise Unreadable(f"Not understood: {' '.join(words.rest)}")
    return moment


def _from_now(span: re.Match[str], now: datetime) -> datetime:
    number = int(span["number"]) + (0.5 if span["more"] else 0)
    minutes = number * (60 if span["unit"].startswith("h") else 1) + int(span["minutes"] or 0)
    # In UTC, as an hour is one on the clock's change too.
    return (now.astimezone(UTC) + timedelta(minutes=minutes)).replace(second=0, microsecond=0)


def _wall_time(words: Words, now: datetime) -> datetime:
    today = now.date()
    is_tonight = bool(words.take("tonight"))
    is_today = bool(words.take(r"this (?=(?:morning|afternoon|evening)\b)")) or is_tonight
    is_span = bool(re.search(r"\d (?:day|week)", words.text))
    day = days.take(words, today) or (Day(today) if is_today else None)
    part, shift = _part(words)
    part = "night" if is_tonight else part
    clock = clocks.take(words)
    if clock:
        return _at(day, clock, part, now)
    if part:
        return _in_part(day, part, shift, now)
    if day is None or day.on == today and not day.repeats:
        raise Unreadable("No time of day is said.")
    on = day.on + timedelta(days=day.repeats) if day.on == today else day.on
    return _utc(on, now.time().replace(second=0, microsecond=0) if is_span else ANY_HOUR, now)


def _part(words: Words) -> tuple[str, timedelta]:
    found = words.take(
        r"(?:(?:in|at|during|the|around) )*(?P<shift>early|late)? ?(?:in the )?"
        r"(?P<part>morning|lunch|afternoon|evening|night)(?: ?time)?"
    )
    if found is None:
        return "", timedelta(0)
    return found["part"], SHIFTS.get(found["shift"] or "", timedelta(0))


def _at(day: Day | None, clock: Clock, part: str, now: datetime) -> datetime:
    is_late = None if part in ("", "lunch") else part != "morning"
    readings = clock.readings(is_late=is_late)
    on = day.on if day else now.date()
    moments = [_utc(on, at, now) for at in readings]
    if on > now.date():
        return moments[0]
    if ahead := [moment for moment in moments if moment > now]:
        return ahead[0]
    if day and not day.repeats:
        return moments[-1]
    return _utc(on + timedelta(days=day.repeats if day else 1), readings[0], now)


def _in_part(day: Day | None, part: str, shift: timedelta, now: datetime) -> datetime:
    begin, end = PARTS[part]
    begin = (datetime.combine(now.date(), begin) + shift).time()
    on = day.on if day else now.date()
    wished = _utc(on, begin, now)
    if wished > now:
        return wished
    soon = (now + timedelta(minutes=30)).replace(second=0, microsecond=0)
    if day and not day.repeats:  # this afternoon, said in the afternoon
        return soon.astimezone(UTC) if soon.date() == on and soon.time() < end else wished
    return _utc(on + timedelta(days=day.repeats if day else 1), begin, now)


def _utc(day: date, at: time, now: datetime) -> datetime:
    """Return a wall time of the wish's zone; one that clocks skip is as much later."""
    return datetime.combine(day, at, now.tzinfo).astimezone(UTC)
