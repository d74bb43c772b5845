"""Workers that run the probes beside a test."""

import pytest

from coachbot.work.models import PeriodicTask
from tests.workers import Worker


class Probes:
    """The traces of the periodic tasks of tests.coachbot.work.probes."""

    def __init__(self, folder):
        self.folder = folder

    def lines(self, name: str) -> list[list[str]]:
        """Return what a task has written: what happened, and the process that it happened in."""
        path = self.folder / name
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    def happened(self, name: str) -> list[str]:
        return [what for what, _ in self.lines(name)]

    def let_go(self) -> None:
        """Let the slow task end."""
        (self.folder / "go").touch()


@pytest.fixture(autouse=True)
def no_tasks():
    """Every task is due when a worker starts that has not run it."""
    PeriodicTask.objects.all().delete()
    yield
    PeriodicTask.objects.all().delete()


@pytest.fixture
def probes(tmp_path):
    return Probes(tmp_path)


@pytest.fixture
def start_worker(providers, tmp_path):
    """Return a function that starts a worker with further settings."""
    workers = []

    def start(*arguments, **settings):
        probing = {"DJANGO_SETTINGS_MODULE": "tests.coachbot.work.settings"}
        probing |= {"PROBES": str(tmp_path), **providers, **settings}
        workers.append(Worker(*arguments, **probing).start())
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
