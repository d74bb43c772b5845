"""How long to wait before something is tried again that failed."""

from datetime import timedelta


def pause(times: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """Return the first pause, doubled so many times, and no more than the longest."""
    return min(longest, first * 2.0 ** min(times, 10))
