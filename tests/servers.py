"""Real web servers for tests: gunicorn with the project's own configuration."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests

from tests import forkserver

ROOT = Path(__file__).resolve().parent.parent
# For a machine that has much else to do.
PATIENCE = float(os.environ.get("TEST_PATIENCE", "1"))


class WebServer:
    """A gunicorn on a free port, in a process group of its own, with its output in a file."""

    def __init__(self, **settings: str):
        self.settings = settings
        self.arguments: list[str] = []
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.log_path = Path(os.environ["TEST_FOLDER"]) / f"web-{self.port}.log"

    def start(self) -> "WebServer":
        """Start it and wait until it answers. Raises RuntimeError with its output if it fails."""
        environment = {
            **os.environ,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2" if os.environ["REDIS_URL"] else "1",
            **self.settings,
        }
        self.process = self.begin(environment)
        wait_until(self._answers, f"the web server on port {self.port}")
        return self

    def begin(self, environment: dict[str, str]):
        with self.log_path.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *self.arguments],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"The web server ended:\n{self.output()}")
        try:
            return requests.get(f"{self.base_url}/healthz", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):  # a busy machine is slow to start one
            return False

    def output(self) -> str:
        """Return what it printed so far."""
        return self.log_path.read_text(errors="replace")

    def stop(self) -> None:
        """Ask it to finish and wait until it has."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=40)

    def kill(self) -> None:
        """End it and its workers at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)


class ForkedWebServer(WebServer):
    """The same, started in a quarter of the time: see forkserver.py, and without its check."""

    def begin(self, environment: dict[str, str]):
        return forkserver.Program(
            ["-m", "gunicorn", "-c", "tests/unchecked_gunicorn.conf.py", *self.arguments],
            cwd=ROOT,
            env=environment,
            files=(Path(os.devnull), self.log_path, self.log_path),
        )


def free_port() -> int:
    """Return a TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def two_free_ports() -> int:
    """Return the first of two TCP ports, one after the other, that nobody listens on."""
    while True:
        port = free_port()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port + 1)):
                return port


def wait_until(condition, what: str, seconds: float = 30) -> None:
    """Wait until a condition holds. Raises TimeoutError that names what was waited for."""
    end = time.monotonic() + seconds * PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"Waited {seconds:g} s in vain for {what}.")
        time.sleep(0.05)
