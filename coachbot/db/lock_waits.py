"""Transactions of those who cannot wait: whoever asked is gone by the time others are done."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def hurried_transaction(seconds: float) -> Iterator[None]:
    """A transaction of its own that waits at most so long for each lock of another.

    Raises OperationalError where that was not enough; nothing is written then.
    """
    milliseconds = max(1, round(seconds * 1000))
    if connection.vendor == "sqlite":
        with _busy_timeout(milliseconds), transaction.atomic(durable=True):
            yield
        return
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {milliseconds}")
        yield


@contextmanager
def _busy_timeout(milliseconds: int) -> Iterator[None]:
    """Have SQLite wait no longer for who writes: one at a time may, and a transaction begins so."""
    with connection.cursor() as cursor:
        [before] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {before}")
