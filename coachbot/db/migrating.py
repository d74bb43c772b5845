"""One `migrate` at a time: two that are started at once go one after the other."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from coachbot.configuration.private_files import OWNER_ONLY

# The name of the lock at PostgreSQL: any number that nobody else takes.
LOCK = 0x636F6163
PAUSE = 0.2


@contextmanager
def alone(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Hold a lock on a database while the body migrates it; wait for whoever holds it now."""
    held = _on_postgresql if database.vendor == "postgresql" else _on_file
    with held(database):
        yield


@contextmanager
def _on_postgresql(database: Any) -> Iterator[None]:
    """Hold an advisory lock in a transaction of its own, which PgBouncer leaves together."""
    keeper = database.copy()
    try:
        keeper.set_autocommit(False)
        with keeper.cursor() as cursor:
            # Asked again and again: waiting in PostgreSQL would run into its time limits.
            while not _takes(cursor):
                time.sleep(PAUSE)
        yield
        keeper.rollback()  # the pool would say that it had to
    finally:
        keeper.close()


def _takes(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
    return bool(cursor.fetchone()[0])


@contextmanager
def _on_file(database: Any) -> Iterator[None]:
    path = Path(database.settings_dict["NAME"])
    lock = path.with_name(f"{path.name}-migrate")
    with open(os.open(lock, os.O_WRONLY | os.O_CREAT, OWNER_ONLY), "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
