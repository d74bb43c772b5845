"""What a running worker does for leads, and what the old commands do beside it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.work.models import PeriodicTask
from leads.models import Lead
from tests.command_line import manage
from tests.factories import abandon_call, make_lead
from tests.servers import wait_until
from tests.workers import Worker


@pytest.fixture
def worker(providers):
    PeriodicTask.objects.all().delete()
    worker = Worker(**providers).start()
    yield worker
    worker.kill()
    PeriodicTask.objects.all().delete()


def test_worker_settles_unclear_calls_beside_the_old_command(worker, cast, settings, sandbox):
    settings.VAPI_BASE_URL = sandbox.base_url
    placed, lost = (
        abandon_call(cast.workspace, placed=True),
        abandon_call(cast.workspace, placed=False),
    )

    command = manage("settle_calls", VAPI_BASE_URL=sandbox.base_url)

    assert command.returncode == 0, command.stderr
    wait_until(lambda: not cast.workspace.calls.dialing().exists(), "all to be settled")
    assert cast.workspace.calls.get().pk == placed.pk
    assert not Lead.objects.filter(pk=lost.lead_id).exists()


def test_worker_settles_what_comes_later(worker, cast, settings, sandbox):
    settings.VAPI_BASE_URL = sandbox.base_url
    wait_until(lambda: row("settling").due_at > timezone.now(), "the first round")
    call = abandon_call(cast.workspace, placed=True)

    wait_until(lambda: cast.workspace.calls.get().vapi_call_id, "the next round")

    assert Lead.objects.get(pk=call.lead_id).accepted_at


def test_worker_erases_what_is_older_than_its_workspace_keeps(worker, cast):
    wait_until(lambda: row("retention").due_at > timezone.now(), "the worker to know its tasks")
    cast.workspace.retention_days = 30
    cast.workspace.save()
    old, new = make_lead(cast.workspace), make_lead(cast.workspace)
    Lead.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))

    PeriodicTask.objects.filter(name="retention").update(due_at=timezone.now())

    wait_until(lambda: row("retention").due_at > timezone.now(), "the night's work")
    assert list(cast.workspace.leads.all()) == [new]
    assert row("retention").due_at.strftime("%H:%M") == "03:30"


def row(name: str) -> PeriodicTask:
    return PeriodicTask.objects.filter(name=name).first() or PeriodicTask(
        due_at=timezone.now() - timedelta(days=1)
    )
