"""How pages say a moment: "Thu 26 Nov, 09:00 Europe/London, in 9 hours".

A template library with one tag. static/coachbot/times.js says it in the same words while the page
is open.
"""

from datetime import UTC, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# In seconds, the longest first.
UNITS = (
    ("year", 31_536_000),
    ("month", 2_592_000),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
)


# A tag and no included template: a list says a hundred moments, which took a tenth of its page.
ELEMENT = (
    '<time class="time numeric" datetime="{}" title="{} UTC"><span class="time-hour">{}</span> '
    '<span class="time-rest"><span class="time-zone">{}</span>, '
    '<span class="time-relative">{}</span></span></time>'
)


@register.simple_tag
def moment(at: datetime | None) -> SafeString | str:
    """Return a moment in the words of the current time zone, as HTML; "" for none."""
    if not at:
        return ""
    now, exact, local = timezone.now(), at.astimezone(UTC), timezone.localtime(at)
    is_this_year = local.year == timezone.localtime(now).year
    day = f"{local:%a} {local.day} {local:%b}{'' if is_this_year else f' {local.year}'}"
    return format_html(
        ELEMENT,
        exact.isoformat(),
        f"{exact.day} {exact:%b %Y, %H:%M:%S}",
        f"{day}, {local:%H:%M}",
        timezone.get_current_timezone_name(),
        relative(at, now),
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
