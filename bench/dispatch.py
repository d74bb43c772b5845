"""Hundreds of calls at once with a Vapi that takes one second: what one process holds, and how
quick reads stay meanwhile, in that process and beside a second pool.
"""

import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench import load, stage
from bench.figures import table
from bench.requests_cost import lead_request
from coachbot.sandbox.process import SandboxProcess
from tests import factories, nginx

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


@dataclass(frozen=True)
class Stand:
    """What is measured: its name, where requests go, the gunicorns that serve them."""

    name: str
    port: int
    servers: list[stage.Gunicorn]


def measure() -> str:
    """Return the tables: calls in flight, connections, our share, reads meanwhile, memory."""
    with SandboxProcess() as sandbox:
        with _one_process(sandbox) as stand:
            tables = [_measure(stand)]
        if not nginx.is_installed():
            return "\n\n".join([*tables, "Without nginx on the PATH no second pool is measured."])
        with _two_pools(sandbox) as stand:
            return "\n\n".join([*tables, _measure(stand)])


@contextmanager
def _one_process(sandbox: SandboxProcess) -> Iterator[Stand]:
    with _gunicorn(sandbox) as server:
        yield Stand("one process", server.port, [server])


@contextmanager
def _two_pools(sandbox: SandboxProcess) -> Iterator[Stand]:
    """One process for submissions and one for the rest, behind the nginx of compose.yaml."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        pools = [running.enter_context(_gunicorn(sandbox)) for _ in range(2)]
        front = running.enter_context(
            nginx.running_in_compose(folder, *(p.port for p in pools), with_certificates=False)
        )
        yield Stand("two pools behind nginx, each one process", front.plain_port, pools)


def _gunicorn(sandbox: SandboxProcess) -> stage.Gunicorn:
    return stage.Gunicorn(
        WEB_CONCURRENCY="1", WEB_THREADS=str(THREADS), VAPI_BASE_URL=sandbox.base_url
    )


def _measure(stand: Stand) -> str:
    dialing = factories.make_workspace(
        vapi_account=factories.make_account(), daily_call_limit=10**6
    )
    key = f"Authorization: Bearer {factories.make_key(dialing)}"
    read = _read_request(factories.make_workspace(is_paused=True))
    stage.close_connections()  # only the servers' connections are to be counted
    _read(stand.port, read)
    idle = _read(stand.port, read)
    with stage.Bystanders() as others:
        dials, peaks, busy = _saturate(stand.port, key, read)
    return _as_table(stand, idle, busy, dials, peaks, others.share)


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


def _as_table(stand: Stand, idle, busy, dials, peaks: Peaks, others: float) -> str:
    most = 8 * len(stand.servers)
    ours = dials.latency(0.5) - VAPI_SECONDS * 1000
    ratio = busy.latency(0.99) / idle.latency(0.99)
    rows = [
        ["answers to creates", dict(dials.statuses), ""],
        ["calls in flight, median", sorted(peaks.calls)[len(peaks.calls) // 2], ">= 96"],
        ["calls placed a minute", f"{dials.rate * 60:.0f}", ""],
        ["database connections, most", peaks.connections, f"<= {most}"],
        ["own share of a request, median", f"{ours:.1f} ms", "<= 30 ms"],
        ["read while idle, p50 / p99", _latencies(idle), ""],
        ["read while dialling, p50 / p99", _latencies(busy), ""],
        ["p99 dialling / idle", f"{ratio:.1f}", "<= 3"],
        ["memory of the largest process", f"{_megabytes(stand):.0f} MB", "< 120 MB"],
        ["others' share of the machine while dialling", f"{others:.0%}", ""],
    ]
    return table([f"{stand.name}, 128 threads, Vapi takes 1 s", "measured", "target"], rows)


def _megabytes(stand: Stand) -> float:
    return max(server.megabytes() for server in stand.servers)


def _latencies(result: load.Result) -> str:
    return f"{result.latency(0.5):.1f} / {result.latency(0.99):.1f} ms"
