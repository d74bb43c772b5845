"""Leases: who may work at a row, and until when.

A row that somebody works at has `lease_until`. Whoever wants to go on after that claims it by
one conditional UPDATE, so that of several who try at once one gets it. The end of a lease is
also its fence: what is written under `held()` is written only while nobody has taken over.
"""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

Row = TypeVar("Row", bound=Model)


def until(length: timedelta) -> datetime:
    """Return the end of a lease that begins now."""
    return timezone.now() + length


def claim(rows: QuerySet[Any], length: timedelta) -> datetime | None:
    """Take rows over whose lease has run out. Return the end of the new one; None if none is."""
    now = timezone.now()
    lease = now + length
    return lease if rows.filter(lease_until__lte=now).update(lease_until=lease) else None


def release(rows: QuerySet[Any]) -> None:
    """End the lease on rows, for the next one who asks."""
    rows.update(lease_until=timezone.now())


def held(rows: QuerySet[Row], lease: datetime) -> QuerySet[Row]:
    """Return the rows of those on which a lease is still ours."""
    return rows.filter(lease_until=lease)


def run_out(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return the rows at which nobody works any more, the longest left alone first."""
    return rows.filter(lease_until__lte=timezone.now()).order_by("lease_until")
