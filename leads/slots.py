"""The bound on calls in flight: how many of this process's threads may be placing a call.

It lies below the number of threads, and few of the rest may wait, so that reads, the
dashboard and webhooks always find a thread.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings

from coachbot import metrics
from coachbot.database import release_connection

WAIT_SECONDS = 2.0

_slots = BoundedSemaphore(settings.CALLS_IN_FLIGHT)
_waiting_places = BoundedSemaphore(settings.CALLS_WAITING) if settings.CALLS_WAITING else None


class TooManyCalls(Exception):
    """This process is placing as many calls as it may. Nothing was begun."""

    def __init__(self):
        super().__init__("Too many calls are being placed at once.")


@contextmanager
def call_slot() -> Iterator[None]:
    """Hold a slot while the body places a call, or waits for one that is being placed.

    Enter it before anything is stored. Raises TooManyCalls when none gets free within two
    seconds, or at once when enough others wait already.
    """
    if not (_slots.acquire(blocking=False) or _wait()):
        metrics.CALLS_TURNED_AWAY.inc()
        raise TooManyCalls
    try:
        with metrics.CALLS_IN_FLIGHT.track_inprogress():
            yield
    finally:
        _slots.release()


def _wait() -> bool:
    """Wait for a slot without a database connection. Return whether it is ours."""
    if _waiting_places is None or not _waiting_places.acquire(blocking=False):
        return False
    try:
        release_connection()
        return _slots.acquire(timeout=WAIT_SECONDS)
    finally:
        _waiting_places.release()
