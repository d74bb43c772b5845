"""In which time zones a lead may be: its own, else those of its number, else the workspace's.

A number only hints at a zone: who moves keeps it, and of many countries every zone is possible.
Facts: phonenumbers 9.0, geodata of the library.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone as number_zones

from coachbot import zones

# A number that may be in more zones than this says nothing about its hours.
MOST_OFFSETS = 3
UNKNOWN = "Etc/Unknown"


def zones_of_number(phone: str, at: datetime) -> tuple[ZoneInfo, ...]:
    """Return the zones in which a number may be, one for each hour it may be there at a moment.

    phone: in E.164 form. Empty where nothing is known, or where more than MOST_OFFSETS differ.
    """
    try:
        names = number_zones.time_zones_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return ()
    found = [zones.read(name) for name in names if name != UNKNOWN]
    by_offset = {at.astimezone(zone).utcoffset(): zone for zone in found if zone}
    return tuple(by_offset.values()) if len(by_offset) <= MOST_OFFSETS else ()


def is_known(*, given: str, phone: str, at: datetime) -> bool:
    """Return whether a lead's zone is known, by what came with it or by its number alone."""
    return bool(zones.read(given)) or len(zones_of_number(phone, at)) == 1


def zones_of(*, given: str, phone: str, workspace: str, at: datetime) -> tuple[ZoneInfo, ...]:
    """Return the zones in all of which it has to be the hour for a call. Never empty.

    given: the zone that came with the lead, empty where none did. workspace: the workspace's.
    """
    if own := zones.read(given):
        return (own,)
    return zones_of_number(phone, at) or (zones.read(workspace) or ZoneInfo("UTC"),)
