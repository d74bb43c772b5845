"""`manage.py work` as a process: what is due is done, once, whatever happens to its workers."""

import os
import signal
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from coachbot.work import engine, heartbeat, runs
from coachbot.work.models import Heartbeat, PeriodicTask
from tests.command_line import manage
from tests.servers import wait_until

AN_HOUR = timedelta(hours=1)


def row(name: str) -> PeriodicTask:
    return PeriodicTask.objects.get(name=name)


def test_two_workers_run_each_due_task_once(start_worker, probes):
    probes.let_go()
    pids = {str(start_worker().process.pid) for _ in range(2)}

    wait_until(lambda: {pid for _, pid in probes.lines("tick")} == pids, "both to take part", 60)

    ticks = probes.lines("tick")
    pairs = [ticks[i : i + 2] for i in range(0, len(ticks) // 2 * 2, 2)]
    assert all([a, b] == [["begun", pid], ["ended", pid]] for a, b in pairs for pid in [a[1]])
    assert probes.happened("slow") == ["begun", "ended"]


def test_task_of_a_killed_worker_is_run_by_another_once_its_lease_has_run_out(start_worker, probes):
    first = start_worker()
    wait_until(lambda: probes.happened("slow"), "the slow task to begin")
    first.kill()
    PeriodicTask.objects.exclude(name="probe-slow").update(lease_until=timezone.now())
    seen = len(probes.lines("tick"))
    second = start_worker()
    wait_until(lambda: len(probes.lines("tick")) > seen + 3, "the other worker to work")
    assert probes.happened("slow") == ["begun"]
    assert timezone.now() < row("probe-slow").lease_until < timezone.now() + runs.RUNNING

    probes.let_go()
    wait_until(lambda: "ended" in probes.happened("slow"), "the lease to run out", 40)

    wait_until(lambda: row("probe-slow").lease_until is None, "the end to be noted")
    pid = str(second.process.pid)
    assert probes.lines("slow")[1:] == [["begun", pid], ["ended", pid]]
    assert row("probe-slow").due_at > timezone.now() + AN_HOUR * 0.9


def test_lease_of_a_task_that_runs_is_renewed(start_worker, probes):
    start_worker()
    wait_until(lambda: probes.happened("slow"), "the slow task to begin")
    before = row("probe-slow").lease_until

    wait_until(lambda: row("probe-slow").lease_until > before, "the lease to be renewed")

    assert timezone.now() < before  # so nobody could claim it meanwhile

    probes.let_go()
    wait_until(lambda: row("probe-slow").lease_until is None, "the task to end")
    assert probes.happened("slow") == ["begun", "ended"]


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_worker_that_is_told_to_stop_finishes_what_runs(start_worker, probes, by):
    worker = start_worker()
    wait_until(lambda: probes.happened("slow"), "the slow task to begin")

    worker.process.send_signal(by)
    wait_until(lambda: worker.says("told to stop"), "the worker to hear it")
    probes.let_go()

    assert worker.process.wait(timeout=20) == 0
    assert probes.happened("slow") == ["begun", "ended"]
    assert row("probe-slow").lease_until is None


def test_second_signal_ends_a_worker_at_once(start_worker, probes):
    worker = start_worker()
    wait_until(lambda: probes.happened("slow"), "the slow task to begin")

    worker.process.send_signal(signal.SIGTERM)
    wait_until(lambda: worker.says("told to stop"), "the worker to hear it")

    assert worker.stop(signal.SIGINT) == 0
    assert probes.happened("slow") == ["begun"]


@pytest.mark.faults
def test_worker_does_not_wait_for_a_task_that_hangs(start_worker, probes):
    worker = start_worker()
    wait_until(lambda: probes.happened("slow"), "the slow task to begin")

    assert worker.stop() == 0  # within the 30 seconds that supervisors give it

    assert probes.happened("slow") == ["begun"]


def test_task_that_fails_is_told_and_tried_again_sooner(start_worker, probes):
    worker = start_worker()

    wait_until(lambda: worker.says("This task fails."), "the failure to be logged")

    soon = timedelta(seconds=60)  # from a lease that is held while it runs, this is far off
    wait_until(lambda: row("probe-broken").lease_until > timezone.now() + soon, "its rest")
    assert row("probe-broken").lease_until <= timezone.now() + runs.RETRIED_AFTER
    assert row("probe-broken").due_at < timezone.now()
    assert probes.happened("broken") == ["begun"]


def test_worker_is_seen(start_worker):
    Heartbeat.objects.update(seen_at=timezone.now() - AN_HOUR)

    start_worker()

    wait_until(lambda: heartbeat.last_seen_seconds() < 60, "the heartbeat")


def test_wake_ups_that_nobody_signed_are_not_opened(start_worker, probes):
    worker = start_worker()

    engine.engine.storage.enqueue(b"cos\nsystem\n(S'true'\ntR.")

    wait_until(lambda: worker.says("Error reading from queue"), "it to be refused")
    seen = len(probes.lines("tick"))
    wait_until(lambda: len(probes.lines("tick")) > seen, "the worker to go on")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no pool of connections")
def test_idle_threads_hold_no_connection(start_worker, probes):
    worker = start_worker("--threads", "16", DATABASE_POOL_SIZE="2", DATABASE_POOL_TIMEOUT="2")
    for _ in range(64):  # each makes a query in one of the threads, and is too late
        engine.wake(runs.run, "probe-tick", timezone.now() - AN_HOUR)
    wait_until(lambda: engine.engine.pending_count() == 0, "all to be taken")
    seen = len(probes.lines("tick"))

    wait_until(lambda: len(probes.lines("tick")) > seen + 4, "the worker to go on")

    assert "did not say what is due" not in worker.log.read_text()


@pytest.mark.parametrize("threads", ["0", "many"])
def test_number_of_threads_that_cannot_be_is_refused_in_a_sentence(threads):
    result = manage("work", f"--threads={threads}")

    assert result.returncode == 1
    assert result.stderr == (
        "CommandError: --threads cannot be read. Write a number from 1 to 256.\n"
    )


def test_queue_that_cannot_be_written_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "queue").write_text("This is a text and no database.\n" * 100)

    result = manage("work", REDIS_URL="", WORK_QUEUE_PATH=str(tmp_path / "queue"))

    assert result.returncode == 1
    assert result.stderr.startswith(
        "Coachbot cannot start: The file of WORK_QUEUE_PATH cannot be written"
    )


@pytest.mark.skipif(os.environ["REDIS_URL"] != "", reason="with Redis there is no file")
def test_queue_is_a_file_beside_the_database(start_worker):
    start_worker()

    path = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
    assert os.path.exists(path.replace("tests.sqlite3", "tests-work.sqlite3"))
