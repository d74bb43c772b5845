"""The leads that figures are of: all of some days, or where they are too many the newest, of whole
days where that can be, so that each figure is that of a list.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from leads.models import LeadStatus
from leads.models.source import source
from leads.reading.listed.counts import MOST_COUNTED
from leads.reading.overview.days import Days
from workspaces.log.queries import in_days
from workspaces.models import Workspace

# Whole days are counted if they have at least one of so many parts of the leads that were read.
# Else a few leads of this morning would stand for a month.
LEAST_PART = 2


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
class Received:
    """The leads that are counted, the newest first.

    since: the first of their days. is_all: these are all leads of the days that were asked for.
    first: when the oldest came in, where a day has too many for them to be those of whole days;
    None else.
    """

    leads: list[Lead]
    since: date
    is_all: bool = True
    first: datetime | None = None


def received(workspace: Workspace, days: Days) -> Received:
    """Return the leads of some days that are counted. One query."""
    found = _read(workspace, days)
    if len(found) <= MOST_COUNTED:
        return Received(found, days.since)
    newest, cut = found[:MOST_COUNTED], found[MOST_COUNTED].day
    whole = [lead for lead in newest if lead.day > cut]
    if len(whole) * LEAST_PART >= len(newest):
        return Received(whole, whole[-1].day, is_all=False)
    return Received(newest, newest[-1].day, is_all=False, first=newest[-1].created_at)


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
