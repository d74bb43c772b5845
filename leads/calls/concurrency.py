"""The bound on calls that one process places at once.

It lies below the number of threads, and few of the rest may wait, so that reads, the
dashboard and webhooks always find a thread.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings

from coachbot.db.connections import release_connection
from coachbot.observability import metrics

WAIT_SECONDS = 2.0

_places = BoundedSemaphore(settings.CALLS_IN_FLIGHT)
_waiting_places = BoundedSemaphore(settings.CALLS_WAITING) if settings.CALLS_WAITING else None


class TooManyCalls(Exception):
    """This process is placing as many calls as it may. Nothing was begun."""

    def __init__(self) -> None:
        super().__init__("Too many calls are being placed at once.")


@contextmanager
def limited() -> Iterator[None]:
    """Hold a place while the body places a call, or waits for one that is being placed.

    Enter it before anything is stored. Raises TooManyCalls when none gets free within two
    seconds, or at once when enough others wait already.
    """
    if not (_places.acquire(blocking=False) or _wait()):
        metrics.CALLS_TURNED_AWAY.inc()
        raise TooManyCalls
    try:
        with metrics.CALLS_IN_FLIGHT.track_inprogress():
            yield
    finally:
        _places.release()


def _wait() -> bool:
    """Wait for a place without a database connection. Return whether it is ours."""
    if _waiting_places is None or not _waiting_places.acquire(blocking=False):
        return False
    try:
        release_connection()
        return _places.acquire(timeout=WAIT_SECONDS)
    finally:
        _waiting_places.release()
