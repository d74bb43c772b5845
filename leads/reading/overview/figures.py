"""What became of the leads that came in on some days: how many were called, reached and booked, how
soon, and from where they came.

Read from the newest of them, as many as the list of leads counts: so the figures take as long with
a million leads as with some thousands, and are never more than the list says. The members' own
numbers are left out.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from leads.models import LeadStatus
from leads.models.source import source
from leads.reading.listed.counts import MOST_COUNTED
from leads.reading.overview import chart
from leads.reading.overview.chart import Chart
from leads.reading.overview.days import Days
from leads.reading.overview.rates import Rate
from leads.reading.overview.speed import Speed, speed_of
from workspaces.log.queries import in_days
from workspaces.models import Workspace

MOST_SOURCES = 10


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead, as far as figures go. day: in the current time zone."""

    day: date
    created_at: datetime
    status: str
    source: str
    first_contact_at: datetime | None
    reached_at: datetime | None

    @property
    def is_reached(self) -> bool:
        return self.reached_at is not None

    @property
    def is_booked(self) -> bool:
        return self.status == LeadStatus.BOOKED

    @property
    def seconds_to_contact(self) -> float | None:
        if self.first_contact_at is None:
            return None
        return (self.first_contact_at - self.created_at).total_seconds()


@dataclass(frozen=True)
class Group:
    """The figures of some leads. name: of the source that they have in common, "" of all."""

    name: str
    leads: int
    contacted: Rate
    reached: Rate
    booked: Rate
    speed: Speed


@dataclass(frozen=True)
class StatusCount:
    """How many stand at a status."""

    status: LeadStatus
    number: int


@dataclass(frozen=True)
class Figures:
    """The figures of some days, and when they were read. first: since when the leads came in that
    were counted, None where these are all. chart: None of a single day.
    """

    at: datetime
    all: Group
    statuses: list[StatusCount]
    sources: list[Group]
    more_sources: int
    chart: Chart | None
    first: datetime | None


def count(workspace: Workspace, days: Days) -> Figures:
    """Return the figures. One query."""
    found = _read(workspace, days)
    leads, has_more = found[:MOST_COUNTED], len(found) > MOST_COUNTED
    by_source: dict[str, list[Lead]] = defaultdict(list)
    for lead in leads:
        by_source[lead.source].append(lead)
    largest = sorted(by_source, key=lambda name: (-len(by_source[name]), name))
    return Figures(
        at=timezone.now(),
        all=_group("", leads),
        statuses=_statuses(leads),
        sources=[_group(name, by_source[name]) for name in largest[:MOST_SOURCES]],
        more_sources=max(0, len(largest) - MOST_SOURCES),
        chart=chart.draw(leads, leads[-1].day if has_more else days.since, days.until),
        first=leads[-1].created_at if has_more else None,
    )


def _read(workspace: Workspace, days: Days) -> list[Lead]:
    """Return the newest leads of some days, and one more than are counted where there are more."""
    zone = timezone.get_current_timezone()
    leads = workspace.leads.accepted().without_tests().newest_first()
    newest = in_days(leads, days.since, days.until).annotate(came_from=source())
    columns = ("created_at", "status", "came_from", "first_contact_at", "reached_at")
    return [
        Lead(row[0].astimezone(zone).date(), *row)
        for row in newest.values_list(*columns)[: MOST_COUNTED + 1]
    ]


def _group(name: str, leads: list[Lead]) -> Group:
    seconds = [lead.seconds_to_contact for lead in leads]
    waited = [each for each in seconds if each is not None]
    return Group(
        name=name,
        leads=len(leads),
        contacted=Rate(len(waited), len(leads)),
        reached=Rate(sum(lead.is_reached for lead in leads), len(leads)),
        booked=Rate(sum(lead.is_booked for lead in leads), len(leads)),
        speed=speed_of(waited),
    )


def _statuses(leads: Iterable[Lead]) -> list[StatusCount]:
    counted = dict.fromkeys(LeadStatus, 0)
    for lead in leads:
        counted[LeadStatus(lead.status)] += 1
    return [StatusCount(status, number) for status, number in counted.items()]
