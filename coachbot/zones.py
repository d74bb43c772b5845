"""Time zones by their names in the IANA database, such as Europe/London."""

import zoneinfo
from functools import lru_cache

from django.core.exceptions import ValidationError

MOST_SUGGESTED = 3


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Return the names that there are; the folders of the database are read once."""
    return frozenset(zoneinfo.available_timezones())


def read(name: str) -> zoneinfo.ZoneInfo | None:
    """Return the zone of a name, None where there is none of that name."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        # Of an odd name zoneinfo raises ValueError; of that of a folder, an error of the disk.
        return None


def validate_zone(name: str) -> None:
    """Raise ValidationError, with names that are like it, for anything but a zone's name."""
    if name in names():
        return
    like = sorted(known for known in names() if name.strip().lower() in known.lower())
    hint = (
        f"Did you mean {', '.join(like[:MOST_SUGGESTED])}?" if like else "Use one as Europe/London."
    )
    raise ValidationError("There is no such time zone. %(hint)s", params={"hint": hint})
