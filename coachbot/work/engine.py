"""The engine that wakes workers: Huey, with its queue in Redis or in a SQLite file of its own.

Rows of the database are the truth. A message in this queue is only a wake-up: it may get lost,
and it may come twice, so what it starts looks at its row first.
"""

import functools
import logging
import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import close_old_connections
from huey import Huey, RedisHuey, SqliteHuey
from huey.api import TaskWrapper
from huey.serializer import SignedSerializer
from redis import ConnectionPool, RedisError

from coachbot.configuration import private_files

logger = logging.getLogger(__name__)

NAME = "coachbot"
# What the queue raises while it is away.
UNAVAILABLE = (RedisError, sqlite3.Error)


def _new_engine() -> Huey:
    options = {
        "results": False,
        "immediate": False,  # else tasks would run inside of requests
        # Messages are pickled: only those that we signed are opened.
        "serializer": SignedSerializer(settings.SECRET_KEY, salt="coachbot.work"),
    }
    if settings.REDIS_URL:
        pool = ConnectionPool.from_url(settings.REDIS_URL, **settings.REDIS_OPTIONS)
        return RedisHuey(NAME, connection_pool=pool, **options)
    # An import writes no file: prepare() makes the tables.
    return SqliteHuey(NAME, filename=settings.WORK_QUEUE_PATH, create_tables=False, **options)


engine = _new_engine()


def prepare() -> None:
    """Make the queue where it is a file. Raises ImproperlyConfigured where that cannot be."""
    if not isinstance(engine, SqliteHuey):
        return
    try:
        engine.storage.initialize_schema()
    except sqlite3.Error as error:
        raise ImproperlyConfigured(
            f"The file of WORK_QUEUE_PATH cannot be written ({error}). "
            "Let the user that runs the worker write to it and to its folder."
        ) from None
    private_files.close_to_others(Path(settings.WORK_QUEUE_PATH))


def task(function) -> TaskWrapper:
    """Let a function be run by a worker's thread, which keeps no database connection after it."""

    @functools.wraps(function)
    def run(*args):
        close_old_connections()
        try:
            return function(*args)
        finally:
            close_old_connections()

    return engine.task()(run)


def wake(wanted: TaskWrapper, *args) -> bool:
    """Have a task run soon, by any worker. Return False where the queue is away.

    Nothing is lost with it: whatever is due stays due in its row.
    """
    try:
        wanted(*args)
    except UNAVAILABLE as error:
        logger.warning("The queue took no wake-up: %s", error)
        return False
    return True
