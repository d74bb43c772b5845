"""What load balancers and supervisors ask: does the process live, can it serve?"""

import logging
import os
from collections.abc import Callable

from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from redis.exceptions import RedisError

from coachbot.db import clock
from coachbot.db.connections import drop_connections
from coachbot.observability.readiness import Watched

logger = logging.getLogger(__name__)

# A probe is answered within a tenth of a second; under load, a look takes longer now and then, and
# so does all else that an answer needs.
PATIENCE, BRIEFLY, VALID = 0.08, 0.03, 15.0

# Migrations are never taken back under a running process, so one look that succeeds is enough.
_migrated = False


def healthz(request) -> HttpResponse:
    """GET /healthz: the process answers. Touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request) -> JsonResponse:
    """GET /readyz: 200 when it can serve all there is, else 503.

    Database and cache take writes, all migrations are applied, and what templates need was
    collected. `clock` tells whether this machine's clock is the database's; it serves also where
    not. Answered at once: a look that hangs counts as the one before for some seconds, then as no.
    """
    checks, is_fresh = _checks.answer()
    if checks is None or (all(checks.values()) and not is_fresh):
        checks = dict.fromkeys(CHECKS, False)
    is_ready = all(answer for name, answer in checks.items() if name != "clock")
    return JsonResponse({"ok": is_ready, **checks}, status=200 if is_ready else 503)


def _look() -> dict[str, bool]:
    try:
        return {name: _answers(question) for name, question in CHECKS.items()}
    finally:
        connection.close()  # no request of this thread's ends, which would do it


def look_ahead() -> None:
    """Begin to look, so that the first probe finds an answer: the migrations take a while."""
    _checks.answer()


_checks = Watched(_look, patience=PATIENCE, briefly=BRIEFLY, valid=VALID)


def _answers(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except (Error, RedisError, OSError) as error:
        logger.warning("Not ready: %s", error)
        return False


def _database_takes_writes() -> bool:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return os.access(connection.settings_dict["NAME"], os.W_OK)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_read_only')")
        is_read_only = cursor.fetchone()[0] == "on"
    if is_read_only:
        logger.warning("Not ready: the database is read-only")
        drop_connections()  # the primary may be elsewhere by now
    return not is_read_only


def _cache_takes_writes() -> bool:
    cache.set("readyz", 1, 10)
    return True


def is_migrated() -> bool:
    """Return whether all migrations are applied. Raises django.db.Error."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


# What /readyz tells, and the questions behind it. Further ones are added by who knows them.
CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database_takes_writes,
    "migrations": is_migrated,
    "clock": clock.is_right,
    "cache": _cache_takes_writes,
}


def database_trouble() -> str:
    """Return in a sentence why nothing works with the database, or "" where that is not why."""
    try:
        done = is_migrated()
    except Error as error:
        return f"The database does not answer: {error}"
    return "" if done else "The database is not up to date. Run `python manage.py migrate` first."
