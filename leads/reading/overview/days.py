"""The days that the figures are of."""

from dataclasses import dataclass
from datetime import date

from leads.reading.listed.days import Span, days_of

# Those that somebody chooses are the list's.
SPANS = [span for span in Span if span != Span.CUSTOM]
USUAL = Span.MONTH


@dataclass(frozen=True)
class Days:
    """Days by their name, the first and the last of them in the current time zone."""

    span: Span
    since: date
    until: date


def chosen(name: str, today: date) -> Days:
    """Return the days of a name, the last 30 of one that says nothing."""
    span = next((span for span in SPANS if span.value == name), USUAL)
    return Days(span, *days_of(span, today))
