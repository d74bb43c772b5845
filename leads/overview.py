"""The figures of the overview: what came in, what became of it, what went wrong."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F
from django.db.models.functions import TruncDate
from django.utils import timezone

from leads.models import LeadStatus
from workspaces import log_queries
from workspaces.models import Workspace

DAYS = 30
SAMPLE = 200  # calls that the time to dial is taken from
MOST_WAITING = 5


# The chart's view box.
CHART_HEIGHT = 100
BAR_STEP = 10


@dataclass(frozen=True)
class Figures:
    """One row of the table: a name, and how many today, in 7 and in 30 days."""

    label: str
    today: int
    week: int
    month: int
    status: str = ""


@dataclass(frozen=True)
class Bar:
    """A day of the chart, in units of its view box: all leads, and those booked."""

    day: date
    total: int
    booked: int
    x: float
    height: float
    booked_height: float

    @property
    def y(self) -> float:
        return CHART_HEIGHT - self.height

    @property
    def booked_y(self) -> float:
        return CHART_HEIGHT - self.booked_height


@dataclass(frozen=True)
class DialTime:
    """Seconds from a lead's arrival until Vapi had its call, over the latest calls."""

    median: float
    slowest: float
    calls: int


def by_status(workspace: Workspace, today: date) -> tuple[list[Figures], list[Bar]]:
    """Return how many leads came in, by status and all together, and the chart of it."""
    since = _midnight(today - timedelta(days=DAYS - 1))
    leads = workspace.leads.accepted().filter(created_at__gte=since)
    counts = list(
        leads.values_list(TruncDate("created_at"), "status").annotate(Count("pk")).order_by()
    )
    rows = [
        _figures(status.label, [(day, n) for day, s, n in counts if s == status], today, status)
        for status in LeadStatus
    ]
    total = _figures("All leads", [(day, n) for day, _, n in counts], today)
    return [*rows, total], _bars(counts, today)


def of_calls(workspace: Workspace, today: date) -> list[Figures]:
    """Return how many calls were placed, and how many could not be."""
    since = _midnight(today - timedelta(days=DAYS - 1))
    placed = workspace.calls.filter(created_at__gte=since, vapi_call_id__isnull=False)
    failed = log_queries.dispatch_failures(workspace, since=since)
    return [
        _figures("Calls placed", _per_day(placed), today),
        _figures("Calls that could not be placed", _per_day(failed), today),
    ]


def time_to_dial(workspace: Workspace) -> DialTime | None:
    """Return how long new leads waited for their call to be placed; None without any."""
    first_calls = workspace.calls.filter(
        dialed_at__isnull=False, request_id=F("lead__request_id")
    ).order_by("-created_at")
    times = first_calls.values_list("lead__created_at", "dialed_at")[:SAMPLE]
    seconds = [(dialed - received).total_seconds() for received, dialed in times]
    if not seconds:
        return None
    return DialTime(statistics.median(seconds), max(seconds), len(seconds))


def waiting_for_human(workspace: Workspace) -> list:
    """Return the latest leads that need a person."""
    leads = workspace.leads.accepted().filter(status=LeadStatus.NEEDS_HUMAN)
    return list(leads.newest_first()[:MOST_WAITING])


def _per_day(queryset) -> list[tuple[date, int]]:
    days = queryset.values_list(TruncDate("created_at")).annotate(Count("pk"))
    return list(days.order_by())


def _figures(label: str, days: Iterable[tuple[date, int]], today: date, status="") -> Figures:
    days = list(days)

    def within(length: int) -> int:
        return sum(count for day, count in days if (today - day).days < length)

    return Figures(label, within(1), within(7), within(DAYS), status)


def _bars(counts: list[tuple], today: date) -> list[Bar]:
    days = [today - timedelta(days=age) for age in reversed(range(DAYS))]
    totals, booked = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
    for day, status, count in counts:
        if day in totals:
            totals[day] += count
            booked[day] += count if status == LeadStatus.BOOKED else 0
    scale = CHART_HEIGHT / max(1, *totals.values())
    return [
        Bar(
            day,
            totals[day],
            booked[day],
            x=index * BAR_STEP,
            height=round(totals[day] * scale, 2),
            booked_height=round(booked[day] * scale, 2),
        )
        for index, day in enumerate(days)
    ]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
