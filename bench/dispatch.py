"""Hundreds of calls at once with a Vapi that takes one second: what one process holds."""

import multiprocessing
import os
import threading
import time
from dataclasses import dataclass, field

import psycopg

from bench import load, stage
from bench.figures import table
from bench.requests_cost import lead_request
from coachbot.sandbox.process import SandboxProcess
from tests import factories

THREADS = 128
SECONDS = 22.0
VAPI_SECONDS = 1.0
VAPI_TAKES_A_SECOND = "70"  # the sandbox goes by the last two digits of the number
READS_A_SECOND = 40  # 680 reads: the slowest hundredth is 7 of them
LOOK = """SELECT
    (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coachbot'
        AND backend_type = 'client backend'),
    (SELECT count(*) FROM leads_call WHERE status = 'dialing')"""


@dataclass
class Peaks:
    """What a look at PostgreSQL every tenth of a second came to."""

    connections: int = 0
    calls: list[int] = field(default_factory=list)


def measure() -> str:
    """Return the table: calls in flight, connections, our share, reads meanwhile, memory."""
    with (
        SandboxProcess() as sandbox,
        stage.Gunicorn(
            WEB_CONCURRENCY="1", WEB_THREADS=str(THREADS), VAPI_BASE_URL=sandbox.base_url
        ) as server,
    ):
        dialing = factories.make_workspace(
            vapi_account=factories.make_account(), daily_call_limit=10**6
        )
        key = f"Authorization: Bearer {factories.make_key(dialing)}"
        reading = factories.make_workspace(is_paused=True)
        read = _read_request(reading)
        stage.close_connections()  # only the server's connections are to be counted
        _read(server.port, read)
        idle = _read(server.port, read)
        dials, peaks, busy = _saturate(server.port, key, read)
        return _as_table(idle, busy, dials, peaks, server.megabytes())


def _read(port: int, request: bytes) -> load.Result:
    return load.run_paced(port, lambda: request, rate=READS_A_SECOND, seconds=SECONDS - 5)


def _read_request(workspace) -> bytes:
    lead = factories.make_lead(workspace)
    header = f"Authorization: Bearer {factories.make_key(workspace)}"
    return load.request_bytes("GET", f"/api/public/leads/{lead.pk}", headers=[header])


def _saturate(port: int, key: str, read: bytes) -> tuple[load.Result, Peaks, load.Result]:
    """Keep every slot for calls taken; read meanwhile, from a process of its own."""
    results = multiprocessing.Queue()
    dialer = multiprocessing.Process(target=_dial, args=(port, key, results))
    dialer.start()
    time.sleep(3)  # every slot is taken by then
    peaks, done = Peaks(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(peaks, done))
    watcher.start()
    busy = _read(port, read)
    done.set()
    watcher.join()
    dials = results.get()
    dialer.join()
    return dials, peaks, busy


def _dial(port: int, key: str, results) -> None:
    numbers = iter(range(10**6, 10**7))

    def next_request() -> bytes:
        return lead_request(key, f"+44{next(numbers)}{VAPI_TAKES_A_SECOND}")

    connections = THREADS // 2  # what one workspace may place at once
    results.put(
        load.run(port, next_request, connections=connections, seconds=SECONDS, ramp=VAPI_SECONDS)
    )


def _watch(peaks: Peaks, done: threading.Event) -> None:
    """Ask PostgreSQL how many connections Coachbot has and how many calls are being placed."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as ours:
        while not done.wait(0.1):
            connections, calls = ours.execute(LOOK).fetchone()
            peaks.connections = max(peaks.connections, connections)
            peaks.calls.append(calls)


def _as_table(idle, busy, dials, peaks: Peaks, megabytes: float) -> str:
    ours = dials.latency(0.5) - VAPI_SECONDS * 1000
    ratio = busy.latency(0.99) / idle.latency(0.99)
    rows = [
        ["answers to creates", dict(dials.statuses), ""],
        ["calls in flight, median", sorted(peaks.calls)[len(peaks.calls) // 2], ">= 96"],
        ["calls placed a minute", f"{dials.rate * 60:.0f}", ""],
        ["database connections, most", peaks.connections, "<= 8"],
        ["own share of a request, median", f"{ours:.1f} ms", "<= 30 ms"],
        ["read while idle, p50 / p99", _latencies(idle), ""],
        ["read while dialling, p50 / p99", _latencies(busy), ""],
        ["p99 dialling / idle", f"{ratio:.1f}", "<= 3"],
        ["memory of the process", f"{megabytes:.0f} MB", "< 120 MB"],
    ]
    return table(["one process, 128 threads, Vapi takes 1 s", "measured", "target"], rows)


def _latencies(result: load.Result) -> str:
    return f"{result.latency(0.5):.1f} / {result.latency(0.99):.1f} ms"
