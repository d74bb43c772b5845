"""The bound on calls in flight: how many of this process's threads may be placing a call.

It lies below the number of threads, and few of the rest may wait, so that reads, the
dashboard and webhooks always find a thread. Nearly all the time such a thread waits for
Vapi. When many are answered in one moment, they go back to work `CALLS_WORKING` at a time,
so that everything else finds the processor and a database connection too.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore, local

from django.conf import settings

from coachbot.db.connections import release_connection
from coachbot.deadline import Deadline
from coachbot.http import right_of_way
from coachbot.observability import metrics

WAIT_SECONDS = 2.0
# When a disk holds a commit up, all who write wait for it. After this long at the desk a few go
# on by the side door; so few that reads find a connection all the same.
DESK_SECONDS = 0.5
# Both are a courtesy: when it takes longer still, as with a database that is away, nobody waits.
SIDE_DOOR_SECONDS = 1.5

_slots = BoundedSemaphore(settings.CALLS_IN_FLIGHT)
_waiting_places = BoundedSemaphore(settings.CALLS_WAITING) if settings.CALLS_WAITING else None
_desk = BoundedSemaphore(settings.CALLS_WORKING)
_side_door = BoundedSemaphore(settings.CALLS_BY_SIDE_DOOR)


class _Here(local):
    """What this thread holds: a slot, and a place at the desk or in the side door."""

    has_slot = False
    place: BoundedSemaphore | None = None


_here = _Here()


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
        with metrics.CALLS_IN_FLIGHT.track_inprogress(), right_of_way.suspended():
            _here.has_slot = True
            _go_to_desk()
            yield
    finally:
        _here.has_slot = False
        _leave_desk()
        _slots.release()


@dataclass
class Wait:
    """How long the body of away() took, once it is over."""

    seconds: float = 0.0


@contextmanager
def away() -> Iterator[Wait]:
    """Wait in the body, for the network or another request, and keep nothing from others.

    Without a database connection and, inside call_slot(), without a place at the desk.
    Raises RuntimeError inside a transaction.
    """
    release_connection()
    _leave_desk()
    wait, started = Wait(), time.monotonic()
    try:
        with right_of_way.suspended():
            yield wait
    finally:
        wait.seconds = time.monotonic() - started
        if _here.has_slot:
            _go_to_desk()


def pause(deadline: Deadline, seconds: float) -> bool:
    """Pause away from the desk. Return whether there is time left, as deadline.pause() does."""
    with away():
        return deadline.pause(seconds)


def _go_to_desk() -> None:
    _here.place = _find_place()
    right_of_way.give_way()


def _find_place() -> BoundedSemaphore | None:
    if _desk.acquire(blocking=False):
        return _desk
    release_connection()
    if _desk.acquire(timeout=DESK_SECONDS):
        return _desk
    return _side_door if _side_door.acquire(timeout=SIDE_DOOR_SECONDS) else None


def _leave_desk() -> None:
    if place := _here.place:
        _here.place = None
        place.release()


def _wait() -> bool:
    """Wait for a slot without a database connection. Return whether it is ours."""
    if _waiting_places is None or not _waiting_places.acquire(blocking=False):
        return False
    try:
        release_connection()
        return _slots.acquire(timeout=WAIT_SECONDS)
    finally:
        _waiting_places.release()
