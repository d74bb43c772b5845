"""A process that can open no more files: it goes on, and recovers by itself."""

import os
import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import requests

from coachbot.work import heartbeat
from coachbot.work.models import Heartbeat
from tests.servers import WebServer, wait_until
from tests.workers import Worker

STANDARD_FILES = 3


class NoFileLeft:
    """While it is entered, a process can open no further file."""

    def __init__(self, pid: int):
        self.pid = pid

    def __enter__(self):
        self.before = resource.prlimit(self.pid, resource.RLIMIT_NOFILE)
        # What is open stays open; a number that is closed meanwhile is not given out again.
        resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (STANDARD_FILES, self.before[1]))

    def __exit__(self, *_):
        resource.prlimit(self.pid, resource.RLIMIT_NOFILE, self.before)


@pytest.fixture
def server(providers):
    server = WebServer(**providers, WEB_CONCURRENCY="1").start()
    yield server
    server.kill()


@pytest.fixture
def worker():
    """A worker with connections of its own, which can be told from those of others."""
    url, role = urlsplit(os.environ["DATABASE_URL"]), f"worker_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute(f"CREATE ROLE {role} LOGIN SUPERUSER")
        own_url = url._replace(netloc=f"{role}@{url.netloc.rpartition('@')[2]}")
        worker = Worker("--threads=4", DATABASE_URL=urlunsplit(own_url)).start()
        yield (
            worker,
            lambda: database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [role]
            ),
        )
        worker.kill()


def test_server_lets_callers_wait_and_goes_on(server):
    [pid] = children_of(server.process.pid)

    with ThreadPoolExecutor(1) as pool:
        with NoFileLeft(pid):
            answer = pool.submit(requests.get, f"{server.base_url}/healthz", timeout=20)
            wait_until(lambda: "No connection can be accepted" in server.output(), "the refusal")
        assert answer.result().status_code == 200

    assert children_of(server.process.pid) == [pid]


def test_worker_goes_on(worker):
    worker, hang_up = worker
    with NoFileLeft(worker.process.pid):
        hang_up()
        wait_until(lambda: worker.says("did not say what is due"), "the worker to notice", 30)
    Heartbeat.objects.update(seen_at="2026-01-01T00:00Z")

    wait_until(lambda: heartbeat.last_seen_seconds() < 600, "the worker to be seen again", 60)
    assert worker.process.poll() is None


def children_of(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
