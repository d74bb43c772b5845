"""The database's clock, the one that all machines share. What is decided by time goes by it.

A machine whose own clock is wrong must not take a lease for run out, or a silence for an answer.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, Min, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

logger = logging.getLogger(__name__)

# A machine that is further off than this concludes nothing.
TOLERANCE = timedelta(seconds=5)
_judged: ContextVar[list[datetime] | None] = ContextVar("judged", default=None)


@contextmanager
def one_moment() -> Iterator[None]:
    """Have now() ask the database at most once in the block: all of it is judged of one moment."""
    if _judged.get() is not None:
        yield
        return
    token = _judged.set([])
    try:
        yield
    finally:
        _judged.reset(token)


def now() -> datetime:
    """Return what time it is by the database."""
    judged = _judged.get()
    if judged is None:
        return _ask()
    if not judged:
        judged.append(_ask())
    return judged[0]


def _ask() -> datetime:
    if connection.vendor == "sqlite":  # has the clock of this machine
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def seconds_since(rows: QuerySet[Any], column: str) -> float | None:
    """Return how long ago the earliest moment in a column is, at least 0; None without rows."""
    age = ExpressionWrapper(Now() - Min(column), output_field=DurationField())
    found = rows.aggregate(age=age)["age"]
    return None if found is None else max(0.0, found.total_seconds())


def difference() -> timedelta:
    """Return how far this machine is ahead of the database, below 0 where it is behind.

    What the query took is no difference.
    """
    before = timezone.now()
    by_database = now()
    after = timezone.now()
    if before <= by_database <= after:
        return timedelta(0)
    return before - by_database if by_database < before else after - by_database


def is_right() -> bool:
    """Return whether this machine's clock is the database's, near enough; log it where not."""
    ahead = difference()
    if abs(ahead) <= TOLERANCE:
        return True
    logger.error(
        "The clock of this machine is %.0f s %s that of the database: nothing is settled here. "
        "Let both follow the same time server.",
        abs(ahead).total_seconds(),
        "ahead of" if ahead > timedelta(0) else "behind",
    )
    return False


def difference_seconds() -> float:
    """Return the same as a number, for the metric."""
    return difference().total_seconds()
