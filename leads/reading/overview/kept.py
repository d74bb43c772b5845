"""Figures that take long to count are kept for some minutes."""

import time as clock
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

SLOW = 0.2  # seconds of counting, from which on figures are kept ...
KEEP = 300  # ... for this many

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
