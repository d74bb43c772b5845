"""Leases on rows: the right to work on one for a while, which a process that dies cannot keep.

A row has `leased_until`. By the database's clock, as those of several machines differ.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone


def until(length: timedelta) -> datetime:
    """Return the end of a lease of that length that begins now."""
    if connection.vendor == "sqlite":  # has the clock of this machine
        return timezone.now() + length
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0] + length


def run_out(rows: QuerySet) -> QuerySet:
    """Return those of some rows that nobody holds."""
    return rows.filter(Q(leased_until=None) | Q(leased_until__lte=Now()))


def claim(rows: QuerySet, length: timedelta) -> datetime | None:
    """Take those of some rows that nobody holds. Return the lease, None where there were none.

    Of several that ask at the same time, the database lets one have a row.
    """
    lease = until(length)
    return lease if run_out(rows).update(leased_until=lease) else None


def held(rows: QuerySet, lease: datetime) -> QuerySet:
    """Return those of some rows that are still ours: a later holder has another lease."""
    return rows.filter(leased_until=lease)
