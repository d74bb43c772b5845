"""Leases on rows: the right to work on one for a while, which a process that dies cannot keep.

A row has `lease_until`, by the database's clock, as those of several machines differ. Whoever
wants to go on after that claims the row by one conditional UPDATE, so that of several who try at
once one gets it. The end of a lease is also its fence: what is written under held() is written
only while nobody has taken over.
"""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Now

from coachbot.db import clock

Row = TypeVar("Row", bound=Model)


def until(length: timedelta) -> datetime:
    """Return the end of a lease of that length that begins now."""
    return clock.now() + length


def claim(rows: QuerySet[Any], length: timedelta, **columns: Any) -> datetime | None:
    """Take those of some rows that nobody holds. Return the lease, None where there were none.

    columns: what is written with it, such as a count of the claims.
    """
    lease = until(length)
    return lease if _free(rows).update(lease_until=lease, **columns) else None


def release(rows: QuerySet[Any]) -> None:
    """End the lease on rows, for the next one who asks."""
    rows.update(lease_until=Now())


def held(rows: QuerySet[Row], lease: datetime) -> QuerySet[Row]:
    """Return those of some rows that are still ours: a later holder has another lease."""
    return rows.filter(lease_until=lease)


def run_out(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return the rows at which nobody works any more, the longest left alone first."""
    return _free(rows).order_by("lease_until")


def _free(rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows.filter(Q(lease_until=None) | Q(lease_until__lte=Now()))
