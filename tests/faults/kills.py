"""A worker that is killed at a named step, again and again; the step is one of killing.py's."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone

from coachbot.work.models import PeriodicTask
from leads.models import Call, Step
from tests.faults.conftest import QUICK
from tests.servers import wait_until
from tests.workers import Worker

KILLED_WITHIN = 90
KILLS = int(os.environ.get("KILLS", "10"))


def let_time_pass() -> None:
    """Let leases run out and tasks become due, as in the time until somebody starts it again."""
    now = timezone.now()
    PeriodicTask.objects.update(due_at=now)
    PeriodicTask.objects.exclude(lease_until=None).update(lease_until=now)
    Step.objects.planned().exclude(lease_until=None).update(lease_until=now)
    Call.objects.dialing().update(lease_until=now)


class KilledWorker:
    """A worker that ends by `kill -9` where a step is reached. folder: an empty one of its own."""

    def __init__(self, step: str, folder: Path, **settings: str):
        self.step, self.tokens = step, folder / "tokens"
        self.tokens.mkdir()
        self.worker = Worker(**QUICK, KILL_AT=step, KILL_TOKENS=str(self.tokens), **settings)
        self.worker.command = [sys.executable, "-m", "tests.faults.killing_worker"]

    def kill(self, times: int, *, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Let it be killed so many times, and go on unharmed. meanwhile: is done while waiting."""
        for number in range(times):
            (self.tokens / str(number)).touch()
            self.worker.spawn()
            wait_until(
                lambda: self._is_dead(meanwhile), f"kill {number} at {self.step}", KILLED_WITHIN
            )
            assert not any(self.tokens.iterdir()), self.worker.log.read_text()
            let_time_pass()
        self.worker.spawn()

    def _is_dead(self, meanwhile: Callable[[], object]) -> bool:
        meanwhile()
        return self.worker.process.poll() is not None

    def end(self) -> None:
        """End it for good."""
        if self.worker.starts:
            self.worker.kill()


@contextmanager
def one_of_two(
    folder: Path, *, meanwhile: Callable[[], object], **settings: str
) -> Iterator[Callable[[str], None]]:
    """Give a function that lets one of two workers be killed at a step, KILLS times.

    Where SQLite holds the queue there is one worker. meanwhile: is done while waiting.
    """
    ended: list[Callable[[], object]] = []

    def kill(step: str) -> None:
        armed, other = KilledWorker(step, folder, **settings), Worker(**QUICK, **settings)
        ended.append(armed.end)
        if os.environ["REDIS_URL"]:
            ended.append(other.kill)
            other.spawn()
        armed.kill(KILLS, meanwhile=meanwhile)

    try:
        yield kill
    finally:
        for end in ended:
            end()
