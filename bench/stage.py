"""What the measurements run on: PostgreSQL, Redis, and gunicorn as in production."""

import base64
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import django

from tests import backend
from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 30
UNLIMITED = "100000000/m,100000000/h"


def set_stage() -> None:
    """Start PostgreSQL and Redis, and make this process a Coachbot that is migrated."""
    os.environ["TEST_BACKEND"] = "postgres"
    os.environ.update(backend.start())
    os.environ.update(
        DJANGO_SETTINGS_MODULE="coachbot.settings",
        DEBUG="0",
        SECRET_KEY=secrets.token_hex(32),
        ENCRYPTION_KEY=base64.b64encode(secrets.token_bytes(32)).decode(),
        SECURE_SSL_REDIRECT="0",
        PUBLIC_BASE_URL="http://127.0.0.1",
        PUBLIC_API_RATE_LIMITS=UNLIMITED,
        STATIC_ROOT=os.environ["TEST_FOLDER"] + "/static",
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def close_connections() -> None:
    """Close this process's own connections to the database."""
    from django.db import connection

    connection.close()
    connection.close_pool()


def settle() -> None:
    """Let PostgreSQL tidy up now what it would otherwise tidy up during the next measurement."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


class Gunicorn:
    """A gunicorn to measure, with its output in a file.

    with Gunicorn(WEB_THREADS="5") as server: ...
    """

    def __init__(self, *arguments: str, probe: str = "/healthz", **settings: str):
        self.port = free_port()
        self.arguments = arguments
        self.probe = f"http://127.0.0.1:{self.port}{probe}"
        self.environment = {**os.environ, **settings, "PORT": str(self.port)}
        self.log_path = Path(os.environ["TEST_FOLDER"]) / f"bench-{self.port}.log"

    def __enter__(self) -> "Gunicorn":
        bind = ["--bind", f"127.0.0.1:{self.port}"]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *bind, *self.arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + READY_WITHIN
        while not self._answers():
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f"gunicorn does not answer:\n{self.log_path.read_text()}")
            time.sleep(0.1)
        return self

    def restart(self) -> None:
        """Let it finish what it has, and start it again, as `systemctl restart` does."""
        self.stop()
        self.__enter__()

    def served(self) -> int:
        """Return how many creates it has answered, by its log."""
        return self.log_path.read_text().count('"method": "POST"')

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.probe, timeout=2):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def __exit__(self, *exception) -> None:
        self.stop()

    def stop(self) -> None:
        """Let it finish what it has, and end it. Twice is once."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def workers(self) -> list[int]:
        """Return the ids of the processes that serve."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def megabytes(self) -> float:
        """Return the resident memory of the largest process that serves."""
        return max(_resident_kilobytes(pid) for pid in self.workers()) / 1024


def other_gunicorn(application: str, workers: int, threads: int, **settings: str) -> Gunicorn:
    """Return a gunicorn of the same kind that serves a module of ours: `bare` or `plain`."""
    arguments = f"-c /dev/null -k gthread -w {workers} --threads {threads} --keep-alive 75"
    module = f"bench.{application}:application"
    return Gunicorn(*arguments.split(), "--no-control-socket", module, probe="/", **settings)


def cpu_seconds() -> float:
    """Return the processor time that gunicorn, PostgreSQL and Redis have used so far."""
    postmaster = Path(os.environ["TEST_FOLDER"]) / "postgres" / "postmaster.pid"
    ours = [*_descendants(os.getpid()), *_descendants(int(postmaster.read_text().split()[0]))]
    return sum(map(_cpu_ticks, ours)) / os.sysconf("SC_CLK_TCK")


class Bystanders:
    """Measures how much of the machine others use meanwhile: their share, 0 to 1.

    with Bystanders() as others: ...; others.share
    """

    def __enter__(self) -> "Bystanders":
        self._busy, self._ours, self._at = _busy_seconds(), _our_seconds(), time.monotonic()
        return self

    def __exit__(self, *exception) -> None:
        theirs = (_busy_seconds() - self._busy) - (_our_seconds() - self._ours)
        self.share = max(0.0, theirs) / (time.monotonic() - self._at) / os.cpu_count()


def _our_seconds() -> float:
    return cpu_seconds() + sum(os.times()[:2])


def _busy_seconds() -> float:
    line = Path("/proc/stat").read_text().partition("\n")[0]
    user, nice, system, _idle, _waiting, *interrupts = map(int, line.split()[1:8])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def _descendants(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for thread in threads for child in thread.read_text().split()]
    return children + [pid for child in children for pid in _descendants(child)]


def _cpu_ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return int(fields[11]) + int(fields[12])


def _resident_kilobytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
