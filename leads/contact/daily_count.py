"""The calls of a workspace's day: exact across processes. Days are UTC days."""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F, QuerySet

from leads.models import DailyCount


def day_of(moment: datetime) -> date:
    """Return the day in whose count a call that is made at a moment goes."""
    return moment.astimezone(UTC).date()


def of_day(workspace_id: Any, day: Any) -> QuerySet[DailyCount]:
    """Return the row of a workspace's day; there is none before begin().

    workspace_id, day: values, or the gaps of a prepared statement.
    """
    return DailyCount.objects.filter(workspace=workspace_id, day=day)


def begin(workspace_id: int, day: date) -> None:
    """Make the row of a day: of several who do, one does."""
    row = DailyCount(workspace_id=workspace_id, day=day)
    DailyCount.objects.bulk_create([row], ignore_conflicts=True)


def calls_on(workspace_id: int, day: date) -> int:
    """Return how many calls a workspace has made on a day."""
    return of_day(workspace_id, day).values_list("calls", flat=True).first() or 0


def give_back(workspace_id: int, day: date) -> None:
    """Give the place of a call back that was not made after all."""
    of_day(workspace_id, day).filter(calls__gt=0).update(calls=F("calls") - 1)
