"""The hours at which people may be called, in the zone of whoever is called.

Pure: moments come in and go out in UTC, and nothing here asks a clock. A moment is inside a window
where the clock on the wall says so, so an hour that is skipped or comes twice, when clocks are
changed, is what people there take it for.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workspaces.settings.calling_hours import Hours


def is_open(hours: Hours, moment: datetime, zones: Iterable[ZoneInfo]) -> bool:
    """Tell whether a moment is within the hours in every one of the zones."""
    return all(_is_open_in(hours, moment, zone) for zone in zones)


def _is_open_in(hours: Hours, moment: datetime, zone: ZoneInfo) -> bool:
    local = moment.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return any(w.start <= minute < w.end for w in hours.of_day(local.date()))


def next_opening(hours: Hours, moment: datetime, zones: tuple[ZoneInfo, ...]) -> datetime | None:
    """Return the first moment, from the given one on, that is within the hours in every zone.

    In UTC. None where there is none in the week after the days off.
    """
    if is_open(hours, moment, zones):
        return moment.astimezone(UTC)
    candidates = {start for zone in zones for start in _openings(hours, moment, zone)}
    later = sorted(start for start in candidates if start > moment)
    return next((start for start in later if is_open(hours, start, zones)), None)


def _openings(hours: Hours, moment: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Return when windows open in a zone, in a week and as many days more as are off."""
    first = moment.astimezone(zone).date()
    for days in range(9 + len(hours.days_off)):
        day = first + timedelta(days=days)
        windows = hours.of_day(day)
        if not windows:
            continue
        begin, end = beginning_of(day, zone), beginning_of(day + timedelta(days=1), zone)
        if end - begin == timedelta(days=1):
            yield from (begin + timedelta(minutes=window.start) for window in windows)
        else:  # clocks are changed on that day: each of its minutes may open a window
            minutes = (end - begin) // timedelta(minutes=1)
            yield from (begin + timedelta(minutes=minute) for minute in range(minutes))


def at_wall_time(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when the clock on the wall shows a time, in UTC: as much later where it is skipped,
    the first of two.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def beginning_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a day in a zone, in UTC; midnight may be skipped there."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
