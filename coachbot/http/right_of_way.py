"""Who goes first in a process: what is answered at once, before calls that are being placed.

All threads of a process share one processor. Who has a call placed waits for Vapi for a second
anyway; who reads, opens a page or reports an event would feel every millisecond.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, local

# Longer than a read takes, so that one is nearly always let past. It is also all that a steady
# stream of reads can cost a call, each time that it gives way.
LONGEST = 0.006

_free = Condition()
_at_work = 0


class _Here(local):
    has_it = False


_here = _Here()


@contextmanager
def taken() -> Iterator[None]:
    """Have the right of way in the body."""
    _take()
    try:
        yield
    finally:
        _give_up()


@contextmanager
def suspended() -> Iterator[None]:
    """Be without the right of way in the body, which waits for something: others may work."""
    had_it = _here.has_it
    _give_up()
    try:
        yield
    finally:
        if had_it:
            _take()


def give_way() -> None:
    """Wait until nobody has the right of way, for a few milliseconds at most."""
    if _at_work:
        with _free:
            _free.wait_for(lambda: not _at_work, timeout=LONGEST)


def _take() -> None:
    global _at_work
    with _free:
        _at_work += 1
    _here.has_it = True


def _give_up() -> None:
    global _at_work
    if not _here.has_it:
        return
    _here.has_it = False
    with _free:
        _at_work -= 1
        if not _at_work:
            _free.notify_all()
