"""The calls of a workspace's day: exact across processes. Days are UTC days."""

from datetime import UTC, date, datetime

from django.db.models import F, Subquery

from leads.models import DailyCount
from workspaces.models import Workspace


def day_of(moment: datetime) -> date:
    """Return the day in whose count a call that is made at a moment goes."""
    return moment.astimezone(UTC).date()


def made(workspace_id: int, day: date) -> int:
    """Return how many calls a workspace has made on a day."""
    rows = DailyCount.objects.filter(workspace_id=workspace_id, day=day)
    return rows.values_list("calls", flat=True).first() or 0


def take(workspace_id: int, day: date) -> bool:
    """Take a place in the count of a day. Return whether there was one left."""
    limit = Workspace.objects.filter(pk=workspace_id).values("daily_call_limit")
    count = DailyCount.objects.filter(workspace_id=workspace_id, day=day)
    free = count.filter(calls__lt=Subquery(limit))
    if free.update(calls=F("calls") + 1):
        return True
    # The day's first call: of several who make the row, one does.
    DailyCount.objects.bulk_create(
        [DailyCount(workspace_id=workspace_id, day=day)], ignore_conflicts=True
    )
    return bool(free.update(calls=F("calls") + 1))


def give_back(workspace_id: int, day: date) -> None:
    """Give the place of a call back that was not made after all."""
    count = DailyCount.objects.filter(workspace_id=workspace_id, day=day, calls__gt=0)
    count.update(calls=F("calls") - 1)
