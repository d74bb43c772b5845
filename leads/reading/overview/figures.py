"""What became of the leads that came in on some days: how many were called, reached and booked, how
soon, and from where they came.

Of the newest of them, as many as the list of leads counts: so the figures take as long with a
million leads as with some thousands, and are never more than the list says. The members' own
numbers are left out.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from leads.models import LeadStatus
from leads.reading.overview import chart
from leads.reading.overview.chart import Chart
from leads.reading.overview.days import Days
from leads.reading.overview.rates import Rate
from leads.reading.overview.received import Lead, received
from leads.reading.overview.speed import Speed, speed_of
from workspaces.models import Workspace

MOST_SOURCES = 10


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
    """The figures of some days, and when they were read. chart: None of a single day.

    since, until: the days of the leads that were counted. is_all, first: see Received.
    """

    at: datetime
    since: date
    until: date
    is_all: bool
    first: datetime | None
    all: Group
    statuses: list[StatusCount]
    sources: list[Group]
    more_sources: int
    chart: Chart | None


def count(workspace: Workspace, days: Days) -> Figures:
    """Return the figures. One query."""
    found = received(workspace, days)
    leads = found.leads
    by_source: dict[str, list[Lead]] = defaultdict(list)
    for lead in leads:
        by_source[lead.source].append(lead)
    largest = sorted(by_source, key=lambda name: (-len(by_source[name]), name))
    return Figures(
        at=timezone.now(),
        since=found.since,
        until=days.until,
        is_all=found.is_all,
        first=found.first,
        all=_group("", leads),
        statuses=_statuses(leads),
        sources=[_group(name, by_source[name]) for name in largest[:MOST_SOURCES]],
        more_sources=max(0, len(largest) - MOST_SOURCES),
        # The bar of a part of a day would say that fewer came in on it.
        chart=None if found.first else chart.draw(leads, found.since, days.until),
    )


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
