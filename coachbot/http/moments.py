"""How pages say a moment: "Thu 26 Nov, 09:00 Europe/London, in 9 hours".

A template library for templates/_time.html, which all pages include. static/coachbot/times.js says
it in the same words while the page is open.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as written

register = template.Library()

# In seconds, the longest first.
UNITS = (
    ("year", 31_536_000),
    ("month", 2_592_000),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
)


@dataclass(frozen=True)
class Said:
    """A moment in words. instant: for machines. precise: to the second, in UTC."""

    instant: str
    precise: str
    hour: str
    zone: str
    relative: str


@register.filter
def said(moment: datetime) -> Said:
    """Return a moment in the words of the current time zone."""
    now = timezone.now()
    local, exact = timezone.localtime(moment), moment.astimezone(UTC)
    form = "D j M, H:i" if local.year == timezone.localtime(now).year else "D j M Y, H:i"
    return Said(
        instant=exact.isoformat(),
        precise=written(exact, "j M Y, H:i:s") + " UTC",
        hour=written(local, form),
        zone=timezone.get_current_timezone_name(),
        relative=relative(moment, now),
    )


def relative(moment: datetime, now: datetime) -> str:
    """Return how far a moment is from now: "in 9 hours", "1 day ago", "just now"."""
    seconds = (moment - now).total_seconds()
    for unit, length in UNITS:
        if abs(seconds) >= length:
            count = round(abs(seconds) / length)
            length_of_time = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"in {length_of_time}" if seconds > 0 else f"{length_of_time} ago"
    return "in a moment" if seconds > 5 else "just now"
