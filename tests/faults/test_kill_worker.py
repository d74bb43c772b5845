"""The worker ends by `kill -9` at every step of its work: nothing is lost, nothing done twice."""

import os

import pytest
from django.utils import timezone

from coachbot.work.models import PeriodicTask
from leads.models import Lead
from tests.factories import abandon_call
from tests.faults.judge import placed_by_phone
from tests.faults.kills import KilledWorker
from tests.servers import wait_until

pytestmark = pytest.mark.on_sqlite_too

KILLS = int(os.environ.get("KILLS", "10"))
CALLS = 6  # of each kind

STEPS = [
    "coachbot.work.runs:wake_due:before",
    "coachbot.db.leases:claim:after",  # claimed, no wake-up sent
    "coachbot.work.engine:wake:after",
    "coachbot.work.runs:_begin:before",  # taken out of the queue
    "coachbot.work.runs:_begin:after",
    "leads.upkeep:settle:before",
    "leads.calls.placing.lease:claim:after",
    "leads.calls.placing.reconcile:_look_up:before",
    "leads.calls.placing.reconcile:_look_up:after",
    "leads.calls.placing.confirming:_write_confirmation:before",
    "leads.calls.placing.confirming:_write_confirmation:after",
    "leads.calls.placing.withdrawn:withdraw:before",
    "leads.calls.placing.withdrawn:withdraw:after",
    "coachbot.work.runs:_end:before",  # done, not noted
    "coachbot.work.runs:_end:after",
]


@pytest.fixture
def killed_worker(tmp_path, providers):
    """Return a function that lets a worker be killed at a step, again and again."""
    workers = []

    def kill_at(step: str) -> None:
        workers.append(KilledWorker(step, tmp_path, **providers))
        workers[0].kill(KILLS)

    yield kill_at
    for worker in workers:
        worker.end()


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
