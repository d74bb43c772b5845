"""When the next attempt of a follow-up plan is due. Pure; whether it may be made is the gate's."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from leads.contact import hours
from workspaces.settings.calling_hours import NOON, Hours

A_DAY = timedelta(days=1)


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
    was_morning = local.hour * 60 + local.minute < NOON
    other = allowed.half(is_morning=not was_morning)
    begin = hours.beginning_of(day, zones[0])
    opening = hours.next_opening(other, begin, zones)
    return opening or hours.next_opening(allowed, since + gap, zones) or since + gap
