"""Figures that take long to count are kept for some minutes, those of many rows for one."""

import time as clock
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache, caches

SLOW = 0.2  # seconds of counting, from which on figures are kept ...
KEEP = 300  # ... for this many
KEEP_MANY = 60

Figures = TypeVar("Figures")


def if_slow(key: str, count: Callable[[], Figures]) -> Figures:
    """Return what is counted: fresh, except where counting takes long."""
    kept: Figures | None = cache.get(key)
    if kept is not None:
        return kept
    started = clock.monotonic()
    counted = count()
    if clock.monotonic() - started > SLOW:
        cache.set(key, counted, KEEP)
    return counted


def if_many(
    key: str, count: Callable[[], Figures], *, are_many: Callable[[Figures], bool]
) -> Figures:
    """Return what is counted: fresh, except where it is of many rows, which are_many() tells.

    Kept in this process alone, as glances are.
    """
    kept: Figures | None = caches["glances"].get(key)
    if kept is not None:
        return kept
    counted = count()
    if are_many(counted):
        caches["glances"].set(key, counted, KEEP_MANY)
    return counted
