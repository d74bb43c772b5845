"""The calls of a workspace's day: exact across processes. Days are UTC days."""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F, QuerySet, Subquery

from coachbot.db.prepared import PreparedUpdate, Statement
from leads.models import DailyCount
from workspaces.models import Workspace


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


def _taken(workspace: Any, day: Any) -> tuple[QuerySet[DailyCount], dict[str, Any]]:
    limit = Workspace.objects.filter(pk=workspace).values("daily_call_limit")
    free = of_day(workspace, day).filter(calls__lt=Subquery(limit))
    return free, {"calls": F("calls") + 1}


_take = PreparedUpdate(
    _taken, DailyCount._meta.get_field("workspace"), DailyCount._meta.get_field("day")
)


def taking(workspace_id: int, day: date) -> Statement:
    """Return the write that takes a place in the count of a day. No row: none was left."""
    return _take.statement(workspace_id, day)


def give_back(workspace_id: int, day: date) -> None:
    """Give the place of a call back that was not made after all."""
    of_day(workspace_id, day).filter(calls__gt=0).update(calls=F("calls") - 1)
