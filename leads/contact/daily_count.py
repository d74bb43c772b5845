"""The calls of a workspace's day: exact across processes and machines.

Days are UTC days, and begin by the database's clock.
"""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F, QuerySet, Subquery
from django.db.models.functions import Now, TruncDate

from coachbot.db.prepared import PreparedUpdate, Statement
from leads.models import DailyCount
from workspaces.models import Workspace


def day_of(moment: datetime) -> date:
    """Return the day in whose count a call that is made at a moment goes."""
    return moment.astimezone(UTC).date()


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


def _taken(
    workspace: Any, is_paused: Any, channel: Any, countries: Any
) -> tuple[QuerySet[DailyCount], dict[str, Any]]:
    # Locked: a setting that is saved at the same moment is saved before, and seen, or after.
    rules = Workspace.objects.select_for_update(no_key=True).filter(
        pk=workspace, is_paused=is_paused, channel=channel, allowed_countries=countries
    )
    free = of_today(workspace).filter(calls__lt=Subquery(rules.values("daily_call_limit")))
    return free, {"calls": F("calls") + 1}


_take = PreparedUpdate(
    _taken,
    DailyCount._meta.get_field("workspace"),
    Workspace._meta.get_field("is_paused"),
    Workspace._meta.get_field("channel"),
    Workspace._meta.get_field("allowed_countries"),
)


def taking(workspace: Workspace) -> Statement:
    """Return the write that takes a place in the count of today.

    No row: none was left, or the workspace has other rules by now than the instance.
    """
    return _take.statement(
        workspace.pk, workspace.is_paused, workspace.channel, workspace.allowed_countries
    )


def give_back(workspace_id: int, day: date) -> None:
    """Give the place of a call back that was not made after all."""
    counted = DailyCount.objects.filter(workspace=workspace_id, day=day, calls__gt=0)
    counted.update(calls=F("calls") - 1)
