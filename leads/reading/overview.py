"""The figures of the overview: what came in, what became of it, what went wrong."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, Count, DateField, Value, When
from django.utils import timezone

from leads.models import GONE_OUT, LeadStatus, MessagePurpose, MessageStatus
from leads.reading import kept
from workspaces.log import queries
from workspaces.log.glances import glance
from workspaces.models import Workspace

DAYS = 30
SAMPLE = 200  # calls, or messages, that the time to the first contact is taken from
LOST = (MessageStatus.FAILED, MessageStatus.UNDELIVERED, MessageStatus.NOT_SENT)
# As the index of them has it.
UNASKED = [MessagePurpose.OPENER, MessagePurpose.FOLLOW_UP]


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
    """Seconds from a lead's arrival until Vapi had its call, or Twilio its first message, over the
    latest ones.
    """

    median: float
    slowest: float
    calls: int


@dataclass(frozen=True)
class Counted:
    """What has to be counted row by row, and when that was done."""

    at: datetime
    statuses: list[Figures]
    bars: list[Bar]
    calls: list[Figures]

    @property
    def most(self) -> int:
        """Return the number of leads on the busiest day."""
        return max(bar.total for bar in self.bars)


def count(workspace: Workspace, today: date) -> Counted:
    """Return the counts of the last days. today: in the current time zone.

    They are those of the latest log row, except where counting takes long: half a million leads
    take a second, and so their counts are kept for some minutes.
    """
    key = f"overview:{workspace.pk}:{today}:{timezone.get_current_timezone_name()}"
    return glance(workspace, key, lambda: kept.if_slow(key, lambda: _counted(workspace, today)))


def _counted(workspace: Workspace, today: date) -> Counted:
    statuses, bars = _by_status(workspace, today)
    contacts = _of_calls if workspace.is_voice else _of_messages
    return Counted(timezone.now(), statuses, bars, contacts(workspace, today))


def _by_status(workspace: Workspace, today: date) -> tuple[list[Figures], list[Bar]]:
    leads = workspace.leads.accepted().without_tests().filter(created_at__gte=_since(today))
    counts = list(leads.values_list(_day(today), "status").annotate(Count("pk")).order_by())
    rows = [
        _figures(status.label, [(day, n) for day, s, n in counts if s == status], today, status)
        for status in LeadStatus
    ]
    total = _figures("All leads", [(day, n) for day, _, n in counts], today)
    return [*rows, total], _bars(counts, today)


def _of_calls(workspace: Workspace, today: date) -> list[Figures]:
    since = _since(today)
    # Tests are few and have an index: to join every call with its lead would take far longer.
    tests = workspace.leads.filter(is_test=True)
    placed = workspace.calls.outbound().filter(created_at__gte=since, vapi_call_id__isnull=False)
    placed = placed.exclude(lead__in=tests)
    failed = queries.dispatch_failures(workspace, since=since)
    return [
        _figures("Calls placed", _per_day(placed, today), today),
        _figures("Calls that could not be placed", _per_day(failed, today), today),
    ]


def _of_messages(workspace: Workspace, today: date) -> list[Figures]:
    tests = workspace.leads.filter(is_test=True)
    unasked = workspace.messages.filter(purpose__in=UNASKED, created_at__gte=_since(today)).exclude(
        conversation__lead__in=tests
    )
    sent = unasked.filter(status__in=GONE_OUT)
    lost = unasked.filter(status__in=LOST)
    return [
        _figures("First messages and follow-ups sent", _per_day(sent, today), today),
        _figures("Those that did not arrive", _per_day(lost, today), today),
    ]


def time_to_contact(workspace: Workspace) -> DialTime | None:
    """Return how long new leads waited for their call, or their first message; None without any."""
    seconds = _to_dial(workspace) if workspace.is_voice else _to_message(workspace)
    if not seconds:
        return None
    return DialTime(statistics.median(seconds), max(seconds), len(seconds))


def _to_message(workspace: Workspace) -> list[float]:
    """Return the seconds until first messages were sent, but for those that a rule held."""
    openers = workspace.messages.filter(purpose__in=UNASKED)
    first = openers.filter(
        purpose=MessagePurpose.OPENER, status__in=GONE_OUT, step=None, sent_at__isnull=False
    )
    first = first.filter(conversation__lead__is_test=False).order_by("-created_at")
    moments = first.values_list("sent_at", "conversation__lead__created_at")[:SAMPLE]
    return [(sent_at - received_at).total_seconds() for sent_at, received_at in moments if sent_at]


def _to_dial(workspace: Workspace) -> list[float]:
    calls = workspace.calls.outbound().filter(lead__is_test=False)
    latest = calls.order_by("-created_at").values_list(
        "dialed_at", "request_id", "lead__created_at", "lead__request_id"
    )
    return [
        (dialed_at - received_at).total_seconds()
        for dialed_at, asked_by, received_at, sent_by in latest[:SAMPLE]
        # Calls that an operator asked for later say nothing about it.
        if dialed_at and asked_by == sent_by
    ]


def _per_day(queryset, today: date) -> list[tuple[date, int]]:
    return list(queryset.values_list(_day(today)).annotate(Count("pk")).order_by())


def _day(today: date) -> Case:
    """Return the day of `created_at` in the current time zone, as an expression.

    Cut where Python's days begin. The database would have to know the zone by its name, and
    those of Debian do not know older names, which browsers go on using (Asia/Calcutta).
    """
    days = [today - timedelta(days=age) for age in range(DAYS)]
    return Case(
        *(When(created_at__gte=queries.start_of(day), then=Value(day)) for day in days),
        output_field=DateField(),
    )


def _since(today: date) -> datetime:
    return queries.start_of(today - timedelta(days=DAYS - 1))


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
