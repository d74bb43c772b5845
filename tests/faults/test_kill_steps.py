"""The worker ends by `kill -9` while it makes calls that are planned: each is made once."""

import sys
from pathlib import Path

import pytest
from django.utils import timezone

from coachbot.work.models import PeriodicTask
from leads.contact import steps
from leads.models import Call, Step
from tests.factories import make_lead
from tests.faults.conftest import QUICK
from tests.faults.judge import placed_by_phone
from tests.servers import wait_until
from tests.workers import Worker

pytestmark = pytest.mark.on_sqlite_too

KILLS = 3
LEADS = 8

STEPS = [
    "leads.contact.steps:claim_due:after",  # claimed, nobody woken
    "leads.calls.due:_call:before",
    "leads.contact.steps:make:before",
    "leads.contact.steps:make:after",  # marked as made, not committed
    "leads.calls.place:_write_counted:after",
    "leads.calls.place:open_step:after",  # committed, nothing sent
    "leads.calls.place:_ask_vapi:after",  # sent, no word of it written
    "leads.calls.place:_write_confirmation:before",
    "leads.calls.place:_write_confirmation:after",
]


def let_time_pass() -> None:
    """Let leases run out and tasks become due, while nobody is there who holds one."""
    now = timezone.now()
    PeriodicTask.objects.update(due_at=now)
    PeriodicTask.objects.exclude(lease_until=None).update(lease_until=now)
    Step.objects.planned().exclude(lease_until=None).update(lease_until=now)
    Call.objects.dialing().update(lease_until=now)


@pytest.fixture
def workers(tmp_path, providers):
    """Return a function that lets one of two workers be killed at a step, again and again."""
    tokens = Path(tmp_path / "tokens")
    tokens.mkdir()
    armed, other = Worker(**QUICK, **providers), Worker(**QUICK, **providers)
    armed.command = [sys.executable, "-m", "tests.faults.killing_worker"]

    def kill_at(step: str) -> None:
        armed.environment |= {"KILL_AT": step, "KILL_TOKENS": str(tokens)}
        for number in range(KILLS):
            (tokens / str(number)).touch()
            armed.spawn()
            wait_until(lambda: armed.process.poll() is not None, f"kill {number} at {step}", 60)
            assert not any(tokens.iterdir()), armed.log.read_text()
            let_time_pass()
        armed.spawn()
        other.spawn()

    yield kill_at
    for worker in (armed, other):
        if worker.starts:
            worker.kill()


def is_all_made(cast) -> bool:
    """Hurry what is planned again, and tell whether nothing is planned or in the air any more."""
    cast.workspace.steps.planned().filter(due_at__gt=timezone.now()).update(due_at=timezone.now())
    in_the_air = cast.workspace.calls.dialing().exists()
    return not in_the_air and not cast.workspace.steps.planned().exists()


@pytest.mark.parametrize("step", STEPS)
def test_kill_at(step, workers, cast):
    cast.workspace.later_call_hours = "always"
    cast.workspace.save()
    leads = [make_lead(cast.workspace) for _ in range(LEADS)]
    for lead in leads:
        steps.plan(lead, "attempt", timezone.now())

    workers(step)

    wait_until(lambda: is_all_made(cast), "every step to be made", 120)
    assert placed_by_phone(cast) == {lead.phone: 1 for lead in leads}
    assert all(call.vapi_call_id for call in cast.workspace.calls.all())
