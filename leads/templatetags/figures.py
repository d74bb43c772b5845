"""What the overview says of its figures: the list of the leads behind each, and lengths of time."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from leads.reading.lists import WITHOUT_TESTS
from leads.reading.overview.days import Days

register = template.Library()

# The longest first, each with what is told beside it.
UNITS = (("d", 86_400, "h", 3_600), ("h", 3_600, "min", 60), ("min", 60, "s", 1))
# Below so many seconds a tenth of one matters, and below so many of a unit the smaller one.
TENTHS_BELOW, BOTH_BELOW = 10, 10


@register.simple_tag(takes_context=True)
def counted_leads(context, **filters) -> str:
    """Return the address of the list of just the leads that a figure counts. filters: of the list,
    beside the days that the page is of; `since` and `until` take their place.
    """
    days: Days = context["days"]
    received = {} if "since" in filters else {"when": days.span.value}
    query = {"tab": "all", **received, "tests": WITHOUT_TESTS, **filters}
    return f"{reverse('leads', args=[context['request'].workspace.slug])}?{urlencode(query)}"


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
