"""A check that is asked for often and may hang: looked at on a thread of its own, and answered in
time with what is known.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

T = TypeVar("T")


class Watched(Generic[T]):
    """What a check says, within `patience` seconds.

    A check that takes longer goes on, and counts when it is done; until then, what the one before
    said is answered, which is fresh for `valid` seconds: while it is, nobody waits for longer than
    `briefly`. One check runs at a time, whoever asks.
    """

    def __init__(self, check: Callable[[], T], *, patience: float, briefly: float, valid: float):
        self._check = check
        self._patience, self._briefly, self._valid = patience, briefly, valid
        self._changing = threading.Lock()
        self._thread: ThreadPoolExecutor | None = None
        self._running: Future[T] | None = None
        self._known: tuple[float, T] | None = None

    def answer(self) -> tuple[T | None, bool]:
        """Return what the check says, None where nothing is known, and whether that is fresh."""
        running = self._ask()
        wait([running], timeout=self._briefly if self._is_fresh() else self._patience)
        if running.done():
            return running.result(), True
        return self._known[1] if self._known else None, self._is_fresh()

    def _is_fresh(self) -> bool:
        return self._known is not None and time.monotonic() - self._known[0] < self._valid

    def _ask(self) -> Future[T]:
        with self._changing:
            if self._running is None or self._running.done():
                self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="readyz")
                self._running = self._thread.submit(self._look)
            return self._running

    def _look(self) -> T:
        found = self._check()
        self._known = time.monotonic(), found
        return found
