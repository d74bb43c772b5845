"""The worker ends by `kill -9` at every step of a mail: each comes, twice only where it must."""

import sys
from collections import Counter

import pytest
from django.utils import timezone

from coachbot.mail import outbox
from coachbot.mail.models import Mail, State
from coachbot.work.models import PeriodicTask
from tests.mail_server import mail_server
from tests.servers import wait_until
from tests.workers import Worker

pytestmark = pytest.mark.on_sqlite_too

KILLS, MAILS = 3, 8
# The mail server has taken it, and nothing says so yet.
TAKEN = ("coachbot.mail.delivery:_send:after", "coachbot.mail.delivery:_end:before")
STEPS = [
    "coachbot.mail.delivery:_deliver_one:before",
    "coachbot.mail.delivery:_attempt:before",  # claimed
    "coachbot.mail.delivery:_send:before",
    *TAKEN,
    "coachbot.mail.delivery:_end:after",
]


def let_time_pass() -> None:
    """Let leases run out and tasks become due, while nobody is there who holds one."""
    now = timezone.now()
    PeriodicTask.objects.update(due_at=now, lease_until=None)
    Mail.objects.filter(state=State.WAITING).update(lease_until=now)


@pytest.mark.parametrize("step", STEPS)
def test_kill_at(step, tmp_path):
    tokens = tmp_path / "tokens"
    tokens.mkdir()
    Mail.objects.all().delete()
    PeriodicTask.objects.all().delete()
    with mail_server() as (inbox, port):
        # One thread, so that the others are at no other step.
        settings = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "WORK_THREADS": "1"}
        worker = Worker(KILL_AT=step, KILL_TOKENS=str(tokens), **settings)
        worker.command = [sys.executable, "-m", "tests.faults.killing_worker"]
        for number in range(MAILS):
            outbox.send(to=f"{number}@example.com", subject=str(number), text="x")
        try:
            for number in range(KILLS):
                (tokens / str(number)).touch()
                worker.spawn()
                wait_until(
                    lambda: worker.process.poll() is not None, f"kill {number} at {step}", 90
                )
                let_time_pass()
            worker.spawn()
            wait_until(lambda: not Mail.objects.filter(state=State.WAITING).exists(), "all", 90)
        finally:
            worker.kill()

    came = Counter(mail["Message-ID"] for mail in inbox.mails)
    assert len(came) == MAILS
    assert sum(came.values()) == MAILS + (KILLS if step in TAKEN else 0)
    assert set(Mail.objects.values_list("state", "sealed")) == {(State.SENT, "")}
