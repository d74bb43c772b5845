"""Running periodic tasks: each once when it is due, whatever number of workers there is.

The row of a task says when it is due and who holds it. It is claimed first for its wake-up, then
for its run, and the worker renews its claim while it runs. When the wake-up gets lost or the
worker is killed, the lease runs out, and the task is still due.
"""

import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models.functions import Now

from coachbot.db import clock, leases
from coachbot.work import engine, periodic
from coachbot.work.models import PeriodicTask

logger = logging.getLogger(__name__)

# How long a wake-up may wait for a thread before another is sent.
WAITING = timedelta(seconds=10)
# How long a run is ours without a renewal, and so how long the task of a killed worker rests.
RUNNING = timedelta(seconds=20)
RENEWED_AFTER = 5.0
# A thread that hangs must not keep a task from all others.
LONGEST_RUN = 3600.0
# A task that failed is tried again after this long, or after its period if that is shorter.
RETRIED_AFTER = timedelta(minutes=5)


@dataclass(eq=False)
class _Run:
    """A task that a thread of this process runs now."""

    task: periodic.Task
    lease: datetime
    began: float = field(default_factory=time.monotonic)
    renewed: float = field(default_factory=time.monotonic)


_runs: set[_Run] = set()
_lock = threading.Lock()  # a renewal and the end of a run must not cross


def prepare() -> None:
    """Make the rows of tasks that were not there before."""
    now = clock.now()
    rows = [PeriodicTask(name=t.name, due_at=t.first_due(now)) for t in periodic.TASKS.values()]
    PeriodicTask.objects.bulk_create(rows, ignore_conflicts=True)


def longest_overdue_seconds() -> float:
    """Return how long that task has been due that has been due the longest, 0 without one."""
    return clock.seconds_since(PeriodicTask.objects.all(), "due_at") or 0.0


def wake_due() -> None:
    """Send a wake-up for every task that is due and that nobody holds."""
    due = PeriodicTask.objects.filter(name__in=periodic.TASKS, due_at__lte=Now())
    for name in list(leases.run_out(due).values_list("name", flat=True)):
        if lease := leases.claim(due.filter(name=name), WAITING):
            engine.wake(run, name, lease)


@engine.task
def run(name: str, lease: datetime) -> None:
    """Run a task that was claimed for this wake-up. Late and repeated ones do nothing."""
    task = periodic.TASKS.get(name)
    begun = _begin(task, lease) if task else None
    if task is None or begun is None:
        return
    started = begun.lease - RUNNING
    # After a failure it stays due, and rests until it is tried again.
    noted: dict[str, datetime | None] = {"lease_until": started + min(task.period, RETRIED_AFTER)}
    try:
        task.function()
        noted = {"lease_until": None, "due_at": task.due_after(started)}
    finally:
        _end(begun, **noted)


def renew() -> None:
    """Keep the leases of what runs in this process. A worker calls this every second or so."""
    now = time.monotonic()
    with _lock:
        for begun in list(_runs):
            if now - begun.began > LONGEST_RUN:
                _lose(begun, "has run for an hour")
            elif now - begun.renewed > RENEWED_AFTER:
                _renew(begun, now)


def _begin(task: periodic.Task, lease: datetime) -> _Run | None:
    extended = _extend(task.name, lease)
    if extended is None:
        logger.info("The wake-up of %s came too late or twice", task.name)
        return None
    begun = _Run(task, extended)
    with _lock:
        _runs.add(begun)
    return begun


def _end(begun: _Run, **noted: datetime | None) -> None:
    """Note how a run ended, unless the task is another one's by now."""
    with _lock:
        _runs.discard(begun)
        row = PeriodicTask.objects.filter(name=begun.task.name)
        leases.held(row, begun.lease).update(**noted)


def _renew(begun: _Run, now: float) -> None:
    lease = _extend(begun.task.name, begun.lease)
    if lease is None:
        _lose(begun, "was taken over by another worker")
    else:
        begun.lease, begun.renewed = lease, now


def _lose(begun: _Run, why: str) -> None:
    logger.warning("The run of %s %s: its lease is not renewed", begun.task.name, why)
    _runs.discard(begun)


def _extend(name: str, lease: datetime) -> datetime | None:
    """Make a lease that we hold longer. Return the new one, None if it is ours no more."""
    longer = leases.until(RUNNING)
    row = PeriodicTask.objects.filter(name=name)
    return longer if leases.held(row, lease).update(lease_until=longer) else None
