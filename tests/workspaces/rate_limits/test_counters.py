"""Several windows counted at once: the same on Redis and in memory."""

import secrets

from workspaces.rate_limits.counters import Counter, count


def windows(*limits):
    """Return counters that no other test counts in."""
    return [Counter(f"test-{secrets.token_hex(8)}", limit, 60) for limit in limits]


def test_every_counter_counts_each_request():
    counters = windows(5, 100)

    counts = [count(counters) for _ in range(3)]

    assert counts == [[1, 1], [2, 2], [3, 3]]


def test_request_over_a_limit_is_not_counted_in_longer_windows():
    counters = windows(2, 100)

    counts = [count(counters) for _ in range(4)]

    assert counts == [[1, 1], [2, 2], [3, 2], [4, 2]]


def test_longer_window_that_nobody_counted_in_reads_zero():
    counters = windows(0, 100)

    assert count(counters) == [1, 0]
