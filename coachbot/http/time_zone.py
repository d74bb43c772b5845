"""The browser's time zone, so that dates on pages are the reader's own."""

import zoneinfo

from django.utils import timezone

# Set by static/coachbot/zone.js.
COOKIE = "time_zone"


def browser_time_zone(get_response):
    """Show times in the zone that the browser names; UTC until it has named one."""

    def middleware(request):
        if request.is_api:  # its times are UTC, and an unknown zone is looked for on the disk
            return get_response(request)
        with timezone.override(_zone(request.COOKIES.get(COOKIE, ""))):
            return get_response(request)

    return middleware


def _zone(name: str):
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return None
