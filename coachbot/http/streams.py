"""Answers that are sent while they are read: bounded in number and in time.

Each takes a thread for as long as its reader does. One that is broken off ends without the last
chunk that HTTP asks for, so browsers and clients report it as failed.
"""

import logging
import threading
import weakref
from collections import Counter
from collections.abc import Hashable, Iterator

from coachbot.deadline import Deadline
from coachbot.observability.logs import current_request_id

logger = logging.getLogger(__name__)


class TooManyStreams(Exception):
    """As many are being sent as may be."""


class TooSlow(Exception):
    """The reader took longer than an answer may be under way."""


class Streams:
    """The answers of one kind that this process sends now.

    at_once: how many there may be; one owner has half of them at most. seconds: for each.
    """

    def __init__(self, at_once: int, seconds: float):
        self._at_once, self._seconds = at_once, seconds
        self._owners: Counter[Hashable] = Counter()
        self._lock = threading.Lock()

    def open(self, owner: Hashable, parts: Iterator[str]) -> "Stream":
        """Return the parts as an answer, which has its place until it is closed.

        Raises TooManyStreams.
        """
        with self._lock:
            of_one = max(1, self._at_once // 2)
            if self._owners.total() >= self._at_once or self._owners[owner] >= of_one:
                raise TooManyStreams
            self._owners[owner] += 1
        return Stream(parts, self._seconds, self._leave, owner)

    def _leave(self, owner: Hashable) -> None:
        with self._lock:
            self._owners[owner] -= 1
            self._owners += Counter()  # forgets those who have none


class Stream:
    """Parts of an answer. Whoever sends it closes it; one that nobody sends is closed, too."""

    def __init__(self, parts: Iterator[str], seconds: float, leave, owner: Hashable):
        self._parts, self._deadline = parts, Deadline(seconds)
        self._request_id = current_request_id.get()
        self.close = weakref.finalize(self, leave, owner)

    def __iter__(self):
        return self

    def __next__(self) -> str:
        try:
            if not self._deadline.remaining():
                raise TooSlow
            return next(self._parts)
        except StopIteration:
            raise
        except Exception:
            self._tell()
            raise

    def _tell(self) -> None:
        """Write the line of what is broken off, with the id of its request, which is over."""
        token = current_request_id.set(self._request_id)
        logger.exception("An answer broke off while it was sent")
        current_request_id.reset(token)
