"""Leases that are renewed while a thread works."""

from coachbot.work import kept


def test_lease_is_renewed_while_the_body_runs(monkeypatch):
    renewed, now = [], [1_000.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: now[0])

    with kept.keeping(lambda: renewed.append(now[0]) or True, every=8, longest=60):
        for now[0] in range(1_001, 1_030):
            kept.renew()

    assert renewed == [1_009, 1_018, 1_027]
    now[0] = 1_100
    kept.renew()
    assert len(renewed) == 3


def test_lease_that_is_lost_is_left(monkeypatch):
    renewed, now = [], [1_000.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: now[0])

    with kept.keeping(lambda: bool(renewed.append(1)), every=8, longest=60):
        for now[0] in (1_010, 1_020, 1_030):
            kept.renew()

    assert len(renewed) == 1


def test_thread_that_hangs_keeps_nothing_for_ever(monkeypatch):
    renewed, now = [], [1_000.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: now[0])

    with kept.keeping(lambda: renewed.append(1) or True, every=8, longest=20):
        for now[0] in (1_010, 1_020, 1_030, 1_040):
            kept.renew()

    assert len(renewed) == 2
