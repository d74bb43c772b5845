"""Leases of rows at which threads of this process work: the worker renews them while they do.

So a lease can be short, and what a killed process left is taken up soon, though one wait in the
work may be longer than the lease.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(eq=False)
class _Kept:
    """One lease. renew: extends it, and returns whether it is still ours."""

    renew: Callable[[], bool]
    every: float
    end: float
    renewed: float


_kept: set[_Kept] = set()
_lock = threading.Lock()


@contextmanager
def keeping(renew: Callable[[], bool], *, every: float, longest: float) -> Iterator[None]:
    """Have a lease renewed every so many seconds while the body runs, though not for longer than
    given: a thread that hangs must not keep a row from all others.
    """
    now = time.monotonic()
    kept = _Kept(renew, every, now + longest, now)
    with _lock:
        _kept.add(kept)
    try:
        yield
    finally:
        with _lock:
            _kept.discard(kept)


def renew() -> None:
    """Renew what is due for it. A worker calls this every second or so."""
    now = time.monotonic()
    with _lock:
        due = [kept for kept in _kept if now - kept.renewed > kept.every]
    for kept in due:
        if now > kept.end or not kept.renew():
            with _lock:
                _kept.discard(kept)
        kept.renewed = now
