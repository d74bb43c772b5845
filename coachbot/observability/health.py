"""What load balancers and supervisors ask: does the process live, can it serve?"""

import logging
import math
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from redis.exceptions import RedisError

from coachbot.db import clock
from coachbot.db.connections import drop_connections

logger = logging.getLogger(__name__)

# Seconds until a probe is answered, whatever hangs; the first one of a process may take longer.
ANSWER_WITHIN, FIRST_ANSWER_WITHIN = 0.08, 4.0
# Seconds for which an answer stands in for one that is late.
KNOWN_FOR = 5.0

# Migrations are never taken back under a running process, so one look that succeeds is enough.
_migrated = False
_threads = ThreadPoolExecutor(2, thread_name_prefix="Readiness")


class _Check:
    """Questions that are asked in a thread of their own, so that no probe waits for the answers."""

    def __init__(self, **questions: Callable[[], bool]):
        self._questions = questions
        self._lock = threading.Lock()
        self._running: Future[None] | None = None
        self._answers = dict.fromkeys(questions, False)
        self._answered_at = -math.inf

    def begin(self) -> "Future[None]":
        """Begin to ask, unless that goes on already."""
        with self._lock:
            if self._running is None or self._running.done():
                self._running = _threads.submit(self._ask)
            return self._running

    def answers(self) -> dict[str, bool]:
        """Return what was answered last; nothing is true that was answered too long ago."""
        is_known = time.monotonic() - self._answered_at < KNOWN_FOR
        return {name: is_known and answer for name, answer in self._answers.items()}

    @property
    def patience(self) -> float:
        return FIRST_ANSWER_WITHIN if self._answered_at == -math.inf else ANSWER_WITHIN

    def _ask(self) -> None:
        try:
            self._answers = {name: _answers(ask) for name, ask in self._questions.items()}
            self._answered_at = time.monotonic()
        finally:
            connection.close()


def healthz(request) -> HttpResponse:
    """GET /healthz: the process answers. Touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request) -> JsonResponse:
    """GET /readyz: 200 when database and cache take writes and all is migrated, else 503.

    `clock` tells whether this machine's clock is the database's; it serves also where not.
    """
    wait([check.begin() for check in CHECKS], timeout=max(check.patience for check in CHECKS))
    answers = {name: answer for check in CHECKS for name, answer in check.answers().items()}
    is_ready = all(answer for name, answer in answers.items() if name != "clock")
    return JsonResponse({"ok": is_ready, **answers}, status=200 if is_ready else 503)


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


def database_trouble() -> str:
    """Return in a sentence why nothing works with the database, or "" where that is not why."""
    try:
        done = is_migrated()
    except Error as error:
        return f"The database does not answer: {error}"
    return "" if done else "The database is not up to date. Run `python manage.py migrate` first."


CHECKS = (
    _Check(database=_database_takes_writes, migrations=is_migrated, clock=clock.is_right),
    _Check(cache=_cache_takes_writes),
)
