"""The calls of a workspace's day: exact across processes and machines.

Days are UTC days, and begin by the database's clock.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Now, TruncDate

from coachbot.db import clock
from leads.models import DailyCount


def day_of(moment: datetime) -> date:
    """Return the day in whose count a call that is made at a moment goes."""
    return moment.astimezone(UTC).date()


def next_day() -> datetime:
    """Return when the count begins anew."""
    return datetime.combine(day_of(clock.now()) + timedelta(days=1), time(), UTC)


def today() -> TruncDate:
    """Return the day that it is for the database, as an expression."""
    return TruncDate(Now(), tzinfo=UTC)


def of_today(workspace_id: Any) -> QuerySet[DailyCount]:
    """Return the row of a workspace's day; there is none before begin().

    workspace_id: a value, or the gap of a prepared statement.
    """
    return DailyCount.objects.filter(workspace=workspace_id, day=today())


def begin(workspace_id: int) -> None:
    """Make the row of today: of several who do, one does."""
    row = DailyCount(workspace_id=workspace_id, day=today())
    DailyCount.objects.bulk_create([row], ignore_conflicts=True)


def calls_today(workspace_id: int) -> int:
    """Return how many calls a workspace has made today."""
    return of_today(workspace_id).values_list("calls", flat=True).first() or 0


def give_back(workspace_id: int, day: date) -> None:
    """Give the place of a call back that was not made after all."""
    counted = DailyCount.objects.filter(workspace=workspace_id, day=day, calls__gt=0)
    counted.update(calls=F("calls") - 1)
