"""Spans of days by their names, in the current time zone."""

from datetime import date, timedelta

from django.db import models


class Span(models.TextChoices):
    """A span of days that ends today or yesterday; or one that somebody chooses."""

    TODAY = "today", "Today"
    YESTERDAY = "yesterday", "Yesterday"
    WEEK = "7", "Last 7 days"
    MONTH = "30", "Last 30 days"
    QUARTER = "90", "Last 90 days"
    THIS_MONTH = "month", "This month"
    CUSTOM = "custom", "Chosen days"


def days_of(span: Span, today: date) -> tuple[date, date]:
    """Return the first and the last day of a span with a name of its own.

    Raises ValueError for days that somebody chooses.
    """
    match span:
        case Span.TODAY:
            return today, today
        case Span.YESTERDAY:
            return today - timedelta(days=1), today - timedelta(days=1)
        case Span.WEEK:
            return today - timedelta(days=6), today
        case Span.MONTH:
            return today - timedelta(days=29), today
        case Span.QUARTER:
            return today - timedelta(days=89), today
        case Span.THIS_MONTH:
            return today.replace(day=1), today
    raise ValueError(f"{span} has no days of its own.")
