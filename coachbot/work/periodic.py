"""How a periodic task is declared: in `tasks.py` of an app, which every worker loads.

A task that was begun and not ended, as its worker was killed, is run again: it has to be safe
at any time and from several processes at once. A release that drops one drops its row, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

A_DAY = timedelta(days=1)
# It is looked once a second what is due (work.worker). A task of every second that began just after
# a look would not be due at the next one yet, and run every other second.
EARLY = timedelta(milliseconds=500)


@dataclass(frozen=True)
class Task:
    """What is run how often. at: the time of day in UTC, for one that is run once a day."""

    name: str
    period: timedelta
    function: Callable[[], None]
    at: time | None = None

    def first_due(self, now: datetime) -> datetime:
        """Return when a task is due that has never run."""
        return now if self.at is None else self.due_after(now)

    def due_after(self, moment: datetime) -> datetime:
        """Return when it is due again after a run that began at a moment."""
        return moment + self.period - EARLY if self.at is None else next_at(self.at, moment)


def next_at(at: time, moment: datetime) -> datetime:
    """Return when it is next that time of day, in UTC, after a moment."""
    due = datetime.combine(moment.astimezone(UTC), at, UTC)
    return due if due > moment else due + A_DAY


TASKS: dict[str, Task] = {}


def every(seconds: float, *, name: str):
    """Declare a function as a task that is run this often. The name is that of its row."""
    return _declared(name, period=timedelta(seconds=seconds))


def daily(at: time, *, name: str):
    """Declare a function as a task that is run once a day, at a time in UTC or as soon as it can.

    The name is that of its row.
    """
    return _declared(name, period=A_DAY, at=at)


def _declared(name: str, **when):
    def declare(function: Callable[[], None]):
        if name in TASKS:
            raise ValueError(f"There are two periodic tasks named {name!r}.")
        TASKS[name] = Task(name=name, function=function, **when)
        return function

    return declare
