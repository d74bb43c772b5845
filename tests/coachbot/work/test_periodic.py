"""When a task is due, and wake-ups that come twice or too late."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from coachbot.db import leases
from coachbot.work import periodic, runs
from coachbot.work.models import PeriodicTask

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)

# SQLite's clock has no more than milliseconds.
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def counted(monkeypatch):
    """A task every 10 seconds that is due, and the list of its runs."""
    done = []
    task = periodic.Task("counted", timedelta(seconds=10), lambda: done.append(1))
    monkeypatch.setitem(periodic.TASKS, "counted", task)
    PeriodicTask.objects.create(name="counted", due_at=timezone.now())
    return done


def claim() -> datetime | None:
    return leases.claim(PeriodicTask.objects.filter(name="counted"), runs.WAITING)


def test_task_is_due_a_period_after_it_began():
    task = periodic.Task("settling", timedelta(seconds=10), print)

    assert task.first_due(NOON) == NOON
    assert task.due_after(NOON) == NOON + timedelta(seconds=10) - periodic.EARLY


@pytest.mark.parametrize(
    ("at", "due"),
    [(time(3, 30), NOON.replace(day=27, hour=3, minute=30)), (time(13), NOON.replace(hour=13))],
)
def test_daily_task_is_due_at_its_time_of_day(at, due):
    task = periodic.Task("retention", periodic.A_DAY, print, at=at)

    assert task.first_due(NOON) == task.due_after(NOON) == due
    assert task.due_after(due) == due + periodic.A_DAY


def test_two_tasks_of_one_name_are_refused(counted):
    with pytest.raises(ValueError, match="counted"):
        periodic.every(1, name="counted")(print)


def test_row_is_claimed_once_until_its_lease_has_run_out(counted):
    assert claim()
    assert claim() is None

    PeriodicTask.objects.update(lease_until=timezone.now() - A_SECOND)

    assert claim()


def test_wake_up_that_comes_twice_runs_its_task_once(counted):
    lease = claim()

    runs.run.call_local("counted", lease)
    runs.run.call_local("counted", lease)

    assert len(counted) == 1
    row = PeriodicTask.objects.get(name="counted")
    assert row.lease_until is None and row.due_at > timezone.now() + timedelta(seconds=5)


def test_wake_up_that_another_one_has_overtaken_does_nothing(counted):
    late = claim()
    PeriodicTask.objects.update(lease_until=timezone.now() - A_SECOND)
    lease = claim()

    runs.run.call_local("counted", late)
    assert counted == []

    runs.run.call_local("counted", lease)
    assert len(counted) == 1


def test_wake_up_of_a_task_that_this_release_does_not_know_does_nothing(counted):
    runs.run.call_local("of-tomorrow", timezone.now())

    assert counted == []
