"""The time zone of pages: the workspace's where it has set one, else the browser's."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from coachbot import zones

# Set by static/coachbot/zone.js.
COOKIE = "time_zone"


def browser_time_zone(get_response):
    """Show times in the zone that the browser names; UTC until it has named one."""

    def middleware(request):
        if request.is_api:  # its times are UTC, and an unknown zone is looked for on the disk
            return get_response(request)
        with timezone.override(zones.read(request.COOKIES.get(COOKIE, ""))):
            return get_response(request)

    return middleware


@contextmanager
def shown_in(name: str) -> Iterator[None]:
    """Show times in the zone of a name while the body runs; where it is empty, as before."""
    if not name:
        yield
        return
    with timezone.override(zones.read(name)):
        yield
