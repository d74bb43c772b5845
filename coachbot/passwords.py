"""Hashing passwords, which takes a third of a second of a processor on purpose.

So few are hashed at once in a process, and none with a database connection in hand: attempts to
sign in, however many, leave the processors and the connections to others.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from coachbot.db.connections import release_connection

AT_ONCE = 1
# How many more may wait for that one, and for how long.
WAITING = 5
LONGEST_WAIT = 3.0

_places = BoundedSemaphore(AT_ONCE)
_seats = BoundedSemaphore(AT_ONCE + WAITING)


class TooManyAtOnce(Exception):
    """This process hashes, and has waiting, as many passwords as it may."""


class BoundedHasher(PBKDF2PasswordHasher):
    """Django's own hasher, a few at a time. Raises TooManyAtOnce."""

    def encode(self, password, salt, iterations=None):
        with _place():
            return super().encode(password, salt, iterations)


@contextmanager
def _place() -> Iterator[None]:
    if not _seats.acquire(blocking=False):
        raise TooManyAtOnce
    try:
        if not connection.in_atomic_block:  # as where a command makes a user
            release_connection()
        if not _places.acquire(timeout=LONGEST_WAIT):
            raise TooManyAtOnce
        try:
            yield
        finally:
            _places.release()
    finally:
        _seats.release()
