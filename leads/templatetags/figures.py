"""What the overview says of its figures: the list of the leads behind each, and lengths of time."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html

from leads.reading.lists import WITHOUT_TESTS
from leads.reading.overview.days import Days
from leads.reading.overview.figures import Figures

register = template.Library()

# The longest first, each with what is told beside it.
UNITS = (("d", 86_400, "h", 3_600), ("h", 3_600, "min", 60), ("min", 60, "s", 1))
# Below so many seconds a tenth of one matters, and below so many of a unit the smaller one.
TENTHS_BELOW, BOTH_BELOW = 10, 10


@register.simple_tag(takes_context=True)
def counted_leads(context, **filters) -> str:
    """Return the attribute with the address of the list of just the leads that a figure counts; ""
    where no list has just these. filters: of the list, beside the days that were counted; `since`
    and `until` take their place.
    """
    figures: Figures = context["figures"]
    if figures.first:
        return ""
    received = {} if "since" in filters else _received(figures, context["days"])
    query = {"tab": "all", **received, "tests": WITHOUT_TESTS, **filters}
    path = reverse("leads", args=[context["request"].workspace.slug])
    return format_html('href="{}?{}"', path, urlencode(query))


def _received(figures: Figures, days: Days) -> dict[str, object]:
    """Return the list's filter for the days that were counted, by their name if they have one."""
    if figures.is_all:
        return {"when": days.span.value}
    return {"since": figures.since, "until": figures.until}


@register.filter
def how_long(seconds: float) -> str:
    """Return a length of time: `0.8 s`, `14 s`, `2 min 5 s`, `12 min`, `3 h 20 min`, `2 d`."""
    if seconds < TENTHS_BELOW:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for long, length, short, part in UNITS:
        if whole >= length:
            count, rest = divmod(whole, length)
            parts = rest // part if count < BOTH_BELOW else 0
            return f"{count} {long} {parts} {short}" if parts else f"{count} {long}"
    return f"{whole} s"
