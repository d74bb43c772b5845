"""How many attempts it took to reach leads: by attempt, and by the hour where the lead is.

Counted over the latest attempts of some days; tests are left out, and so are calls to a lead that
was reached before.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from leads.calls import progress
from leads.contact import rules
from leads.models import Call, CallStatus
from leads.reading.overview.days import Days
from leads.reading.overview.rates import Rate
from workspaces.log.queries import in_days
from workspaces.models import Workspace

SAMPLE = 1_000


@dataclass
class Row:
    """So many attempts were made, of which so many reached somebody."""

    label: str
    made: int = 0
    reached: int = 0

    @property
    def rate(self) -> Rate:
        return Rate(self.reached, self.made)


@dataclass
class Attempts:
    """The figures. is_sample: whether there were more attempts than were looked at."""

    at: datetime
    made: int = 0
    leads: int = 0
    leads_reached: int = 0
    by_attempt: list[Row] = field(default_factory=list)
    by_hour: list[Row] = field(default_factory=list)
    is_sample: bool = False

    @property
    def per_lead_reached(self) -> float | None:
        """Return how many attempts there were for each lead that was reached."""
        return self.made / self.leads_reached if self.leads_reached else None


@dataclass(frozen=True)
class _Attempt:
    lead: uuid.UUID
    number: int
    hour: int
    was_reached: bool


def count(workspace: Workspace, days: Days) -> Attempts:
    """Return the figures of the attempts made on some days."""
    latest = _latest(workspace, days)
    by_attempt: dict[int, Row] = {}
    by_hour: dict[int, Row] = {}
    calls: dict[uuid.UUID, int] = defaultdict(int)
    reached: set[uuid.UUID] = set()
    for attempt in _read(workspace, reversed(latest)):
        if attempt.lead in reached:
            continue
        calls[attempt.lead] += 1
        for row in (
            by_attempt.setdefault(attempt.number, Row(str(attempt.number))),
            by_hour.setdefault(attempt.hour, Row(f"{attempt.hour:02}:00")),
        ):
            row.made += 1
            row.reached += attempt.was_reached
        if attempt.was_reached:
            reached.add(attempt.lead)
    return Attempts(
        at=timezone.now(),
        made=sum(calls.values()),
        leads=len(calls),
        leads_reached=len(reached),
        by_attempt=[by_attempt[number] for number in sorted(by_attempt)],
        by_hour=[by_hour[hour] for hour in sorted(by_hour)],
        is_sample=len(latest) == SAMPLE,
    )


def _latest(workspace: Workspace, days: Days) -> list[Call]:
    """Return the latest attempts, the newest first, each with its `number` among its lead's."""
    earlier = Call.objects.attempts().filter(
        lead=OuterRef("lead"), created_at__lte=OuterRef("created_at")
    )
    number = earlier.order_by().values("lead").annotate(n=Count("pk")).values("n")
    made = workspace.calls.attempts().filter(status=CallStatus.ENDED, lead__is_test=False)
    attempts = in_days(made, days.since, days.until)
    columns = ("created_at", "status", "told", "started_at", "ended_reason", "workspace", "lead")
    shown = attempts.select_related("lead").only(*columns, "lead__phone", "lead__timezone")
    return list(shown.annotate(number=Subquery(number)).order_by("-created_at")[:SAMPLE])


def _read(workspace: Workspace, calls: Iterator[Call]) -> Iterator[_Attempt]:
    for call in calls:
        call.lead.workspace = workspace
        zone = rules.zones_of(call.lead, call.created_at)[0]
        hour = call.created_at.astimezone(zone).hour
        number = call.number  # type: ignore[attr-defined]  # of _latest()
        yield _Attempt(call.lead_id, number, hour, progress.was_reached(call))
