"""The worker ends by `kill -9` at every step of its work: nothing is lost, nothing done twice."""

import sys
from pathlib import Path

import pytest
from django.utils import timezone

from coachbot.work.models import PeriodicTask
from leads.models import Call, Lead
from tests.factories import abandon_call
from tests.faults.conftest import QUICK
from tests.faults.judge import placed_by_phone
from tests.servers import wait_until
from tests.workers import Worker

pytestmark = pytest.mark.on_sqlite_too

KILLS = 4
CALLS = 6  # of each kind

STEPS = [
    "coachbot.work.runs:wake_due:before",
    "coachbot.db.leases:claim:after",  # claimed, no wake-up sent
    "coachbot.work.engine:wake:after",
    "coachbot.work.runs:_begin:before",  # taken out of the queue
    "coachbot.work.runs:_begin:after",
    "leads.upkeep:settle:before",
    "leads.calls.place:claim:after",
    "leads.calls.reconcile:_look_up:before",
    "leads.calls.reconcile:_look_up:after",
    "leads.calls.place:_write_confirmation:before",
    "leads.calls.place:_write_confirmation:after",
    "leads.calls.place:withdraw:before",
    "leads.calls.place:withdraw:after",
    "coachbot.work.runs:_end:before",  # done, not noted
    "coachbot.work.runs:_end:after",
]


def let_time_pass() -> None:
    """Let leases run out and tasks become due, while nobody is there who holds one."""
    now = timezone.now()
    PeriodicTask.objects.update(due_at=now)
    PeriodicTask.objects.exclude(lease_until=None).update(lease_until=now)
    Call.objects.dialing().update(lease_until=now)


@pytest.fixture
def killed_worker(tmp_path, providers):
    """Return a function that lets a worker be killed at a step, again and again."""

    def kill_at(step: str) -> None:
        tokens = Path(tmp_path / "tokens")
        tokens.mkdir()
        worker.environment |= {"KILL_AT": step, "KILL_TOKENS": str(tokens)}
        worker.spawn()
        for number in range(KILLS):
            (tokens / str(number)).touch()
            wait_until(lambda: worker.process.poll() is not None, f"kill {number} at {step}")
            assert not any(tokens.iterdir()), worker.log.read_text()
            let_time_pass()
            worker.spawn()

    worker = Worker(**QUICK, **providers)
    worker.command = [sys.executable, "-m", "tests.faults.killing_worker"]
    yield kill_at
    worker.kill()


@pytest.mark.parametrize("step", STEPS)
def test_kill_at(step, killed_worker, cast, settings, sandbox):
    settings.VAPI_BASE_URL = sandbox.base_url
    PeriodicTask.objects.all().delete()
    placed = [abandon_call(cast.workspace, placed=True) for _ in range(CALLS)]
    lost = [abandon_call(cast.workspace, placed=False) for _ in range(CALLS)]

    killed_worker(step)

    wait_until(lambda: not cast.workspace.calls.dialing().exists(), "all to be settled", 60)
    wait_until(
        lambda: not PeriodicTask.objects.filter(due_at__lt=timezone.now()).exists(),
        "every task to be done",
        60,
    )
    calls = {call.pk: call for call in cast.workspace.calls.select_related("lead")}
    assert calls.keys() == {call.pk for call in placed}
    assert all(call.vapi_call_id and call.lead.accepted_at for call in calls.values())
    assert set(placed_by_phone(cast).values()) == {1}
    assert not Lead.objects.filter(pk__in=[call.lead_id for call in lost]).exists()
