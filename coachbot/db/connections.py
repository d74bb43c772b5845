"""What Coachbot asks of its database connections."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import InternalError, OperationalError, connection

from coachbot.deadline import Deadline

FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 0.05, 0.4, 1.5

READ_ONLY = "25006"  # PostgreSQL's SQLSTATE of a write that it does not take


class DatabaseIsReadOnly(OperationalError):
    """PostgreSQL takes no writes now: it is a standby, or was set so for a failover."""


def notice_read_only(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
    """A wrapper of all queries: a database that takes no writes is an outage and no fault of ours.

    The process's connections are made anew: the primary may be elsewhere by now. Raises
    DatabaseIsReadOnly.
    """
    try:
        return execute(sql, params, many, context)
    except InternalError as error:
        if getattr(error.__cause__, "sqlstate", "") != READ_ONLY:
            raise
        drop_connections(context["connection"])
        raise DatabaseIsReadOnly(str(error)) from error


def drop_connections(database: Any = connection) -> None:
    """Close this thread's connection for good, and have those of the pool replaced."""
    if database.connection is not None:
        database.connection.close()
    database.close()
    if database.pool is not None:
        database.pool.drain()


def watch(sender: Any, connection: Any, **_: Any) -> None:
    """Receive Django's connection_created: have its queries wrapped from now on."""
    if connection.vendor == "postgresql" and notice_read_only not in connection.execute_wrappers:
        connection.execute_wrappers.append(notice_read_only)


def release_connection() -> None:
    """Give this thread's connection back before waiting for the network.

    With PostgreSQL it returns to the pool, so that eight connections serve a hundred
    waiting threads. The next query takes one again. Raises RuntimeError inside a
    transaction: that would be cut in half.
    """
    if connection.in_atomic_block:
        raise RuntimeError("A transaction is open while the network is about to be used.")
    connection.close()


def missing_time_limits() -> str:
    """Return a sentence where PostgreSQL does not limit queries as it was asked to, or "".

    PgBouncer drops what a client asks for when it connects. Raises django.db.Error.
    """
    if connection.vendor != "postgresql":
        return ""
    wanted = [name for name, seconds in settings.DATABASE_TIME_LIMITS.items() if seconds]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE setting = '0' AND name = ANY(%s)", [wanted]
        )
        missing = sorted(name for (name,) in cursor.fetchall())
    if not missing:
        return ""
    return (
        f"PostgreSQL has no {' and no '.join(missing)}, as PgBouncer does not pass them on. "
        "Set them for the role: docs/operations.md, PgBouncer."
    )


def pause(deadline: Deadline, seconds: float) -> bool:
    """Sleep without a connection. Return whether there is time left, as deadline.pause() does."""
    release_connection()
    return deadline.pause(seconds)


def attempts(deadline: Deadline) -> Iterator[None]:
    """Yield at once, and then after pauses without a connection, which grow, until the deadline."""
    seconds = FIRST_PAUSE
    yield
    while pause(deadline, seconds):
        yield
        seconds = min(LONGEST_PAUSE, seconds * GROWTH)
