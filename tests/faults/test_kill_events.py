"""The worker ends by `kill -9` at every step of an event, beside receivers of every bad kind.

EVENTS=10000 makes the storm that of a release; the figures it prints go into its notes.
"""

import os
import statistics
import sys
import time
from collections import Counter, defaultdict
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.utils import timezone
from standardwebhooks import Webhook

from coachbot.work.models import PeriodicTask
from leads import events
from tests.factories import make_lead, make_workspace
from tests.receivers import Answer, Received, make_endpoint, receiver, verify
from tests.servers import free_port, wait_until
from tests.workers import Worker
from workspaces.models import Off, WebhookDelivery, WebhookEndpoint
from workspaces.webhooks import endpoints

pytestmark = pytest.mark.on_sqlite_too

EVENTS = int(os.environ.get("EVENTS", "200"))
OF_A_LEAD = 10
# What happens to leads while the delays are measured: so many events a second.
A_SECOND = 10
# Seconds for all that is on its way.
PATIENCE = max(240, EVENTS)
KILLS, FEW = 3, 8
DELIVERY = "workspaces.webhooks.delivery"
# The receiver has it, and nothing says so yet.
TAKEN = ("workspaces.webhooks.sending:send:after", f"{DELIVERY}:_note:before")
STEPS = [
    f"{DELIVERY}:_deliver_one:before",
    f"{DELIVERY}:_attempt:before",  # claimed
    "workspaces.webhooks.sending:send:before",
    *TAKEN,
    f"{DELIVERY}:_note:after",
]


@pytest.fixture(autouse=True)
def private_addresses(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    WebhookEndpoint.objects.all().delete()


def let_time_pass() -> None:
    """Let leases run out, and what rests become due, while nobody is there who holds one."""
    now = timezone.now()
    PeriodicTask.objects.update(due_at=now, lease_until=None)
    pending = WebhookDelivery.objects.filter(state="pending")
    pending.update(due_at=now, lease_until=None)
    WebhookEndpoint.objects.update(rests_until=None)


def publish(workspace, number: int) -> None:
    """Publish so many events, of a tenth as many leads."""
    workspace.refresh_from_db()
    for _ in range(max(1, number // OF_A_LEAD)):
        lead = make_lead(workspace)
        for _ in range(min(number, OF_A_LEAD)):
            with transaction.atomic():
                events.lead_created(lead)


def publish_for_long(workspace, number: int) -> None:
    """Publish so many events, as many a second as A_SECOND says."""
    began = time.monotonic()
    for done in range(0, number, OF_A_LEAD):
        publish(workspace, OF_A_LEAD)
        early = (done + OF_A_LEAD) / A_SECOND - (time.monotonic() - began)
        time.sleep(max(0.0, early))


class KilledWorker:
    """A worker that can be killed at a step, again and again."""

    def __init__(self, folder, **settings: str):
        self.tokens = folder / "tokens"
        self.tokens.mkdir()
        settings |= {"WEBHOOK_ALLOW_PRIVATE": "1", "KILL_TOKENS": str(self.tokens)}
        self.worker = Worker(**settings)
        self.worker.command = [sys.executable, "-m", "tests.faults.killing_worker"]

    def kill_at(self, step: str, number: int) -> None:
        (self.tokens / str(number)).touch()
        self.worker.environment["KILL_AT"] = step
        self.worker.spawn()
        wait_until(lambda: self.worker.process.poll() is not None, f"kill {number} at {step}", 90)
        let_time_pass()

    def go_on(self) -> None:
        self.worker.spawn()

    def end(self) -> None:
        if self.worker.starts:
            self.worker.kill()


def assert_all_came(received: list[Received], secret: str) -> None:
    """Each event verifies; what has one id has the same bytes; of each lead none is missing, and
    none came first before the one that it follows.
    """
    bodies, sequences = defaultdict(set), defaultdict(list)
    for one in received:
        if one.id not in bodies:
            verify_any_age(one, secret)
            # That an endpoint went off is told too, and is of no lead.
            sequences[one.data.get("lead", {}).get("id")].append(one.data["sequence"])
        bodies[one.id].add(one.body)
    assert {len(same) for same in bodies.values()} == {1}
    sequences.pop(None, None)
    assert all(found == list(range(1, len(found) + 1)) for found in sequences.values())


def verify_any_age(received: Received, secret: str) -> None:
    """Check by the library, which verifies nothing that is older than five minutes."""
    at = datetime.fromtimestamp(int(received.headers["webhook-timestamp"]), tz=UTC)
    right = Webhook(secret).sign(received.id, at, received.body.decode())
    assert right in received.headers["webhook-signature"].split(" ")


@pytest.mark.parametrize("step", STEPS)
def test_kill_at(step, tmp_path):
    with receiver() as hook:
        workspace = make_workspace()
        _, secret = make_endpoint(workspace, hook.url)
        # One thread, so that the others are at no other step.
        killed = KilledWorker(tmp_path, WORK_THREADS="1")
        publish(workspace, FEW)
        try:
            for number in range(KILLS):
                killed.kill_at(step, number)
            killed.go_on()
            wait_until(all_delivered, "all", 90)
        finally:
            killed.end()

    came = Counter(one.id for one in hook.received)
    assert len(came) == FEW
    assert sum(came.values()) == FEW + (KILLS if step in TAKEN else 0)
    assert all(verify(one, secret) for one in hook.received)
    assert_all_came(hook.received, secret)


def all_delivered(**of) -> bool:
    on = WebhookDelivery.objects.filter(endpoint__off_because="", **of)
    return not on.exclude(state="delivered").exists()


def test_storm(tmp_path):
    """Receivers that answer 500, slowly, with a redirect, 410, nothing, and a worker that dies."""
    with ExitStack() as stack:
        workspace = make_workspace()
        kinds = ("healthy", "broken", "slow", "redirect", "gone", "silent")
        hooks = {kind: stack.enter_context(receiver()) for kind in kinds}
        rows = {kind: make_endpoint(workspace, hook.url) for kind, hook in hooks.items()}
        dead, _ = make_endpoint(workspace, f"http://127.0.0.1:{free_port()}/nobody")
        hooks["broken"].always = lambda received: Answer(500)
        hooks["redirect"].always = lambda received: Answer(302, headers={"Location": "/other"})
        hooks["gone"].always = lambda received: Answer(410)
        hooks["slow"].always = lambda received: Answer(after=0.2)
        hooks["silent"].always = lambda received: Answer(after=20)
        killed = KilledWorker(tmp_path, WORK_THREADS="16")
        try:
            for number, step in enumerate(STEPS):
                publish(workspace, EVENTS // 20)
                killed.kill_at(step, number)
            healthy = rows["healthy"][0]
            killed.go_on()
            wait_until(lambda: all_delivered(endpoint=healthy), "the worker to catch up", PATIENCE)
            began = time.time()
            publish_for_long(workspace, EVENTS * 3 // 4)
            wait_until(lambda: all_delivered(endpoint=healthy), "the healthy one", PATIENCE)
            for kind in ("broken", "redirect", "silent"):
                hooks[kind].always = lambda received: Answer()
            let_time_pass()
            endpoints.delete(dead)
            wait_until(brought_on, "all the others", PATIENCE)
        finally:
            killed.end()

    for kind in ("healthy", "broken", "slow", "redirect", "silent"):
        row, secret = rows[kind]
        assert len({one.id for one in hooks[kind].received}) == row.deliveries.count(), kind
        if kind in ("healthy", "slow"):
            assert_all_came(hooks[kind].received, secret)
    gone = WebhookEndpoint.objects.get(pk=rows["gone"][0].pk)
    assert gone.off_because == Off.GONE
    late = delays(hooks["healthy"], since=began)
    print(f"{EVENTS} events; the healthy one's median delay {statistics.median(late):.2f} s")
    assert statistics.median(late) < 2


def brought_on() -> bool:
    """Let no retry wait for its time, and tell whether all was delivered."""
    now = timezone.now()
    pending = WebhookDelivery.objects.filter(state="pending", lease_until=None)
    # Only those: whoever writes thousands of rows again and again keeps the worker from them.
    pending.filter(due_at__gt=now).update(due_at=now)
    WebhookEndpoint.objects.update(rests_until=None)
    return all_delivered()


def delays(hook, *, since: float) -> list[float]:
    """Return the seconds from what happened to its arrival, of all that happened since then."""
    late = []
    for one in hook.received:
        happened = datetime.fromisoformat(one.event["timestamp"]).timestamp()
        if happened >= since:
            late.append(one.wall - happened)
    return late
