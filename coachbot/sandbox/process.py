"""The sandbox as a process of its own.

with SandboxProcess() as sandbox:
    requests.get(f"{sandbox.base_url}/call", ...)
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Self

from coachbot.sandbox.command_line import READY

PROJECT = Path(__file__).resolve().parents[2]


class SandboxProcess:
    """Starts `python -m coachbot.sandbox`, waits until it listens, ends it with SIGTERM."""

    def __init__(self, *, port: int = 0) -> None:
        self._port = port
        self.base_url = ""

    def start(self) -> None:
        """Start it and wait for its ready line. Raises RuntimeError if it ends instead."""
        paths = [str(PROJECT), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "coachbot.sandbox", "--port", str(self._port), "--quiet"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None, "it is a pipe"
        line = self._process.stdout.readline()
        if not line.startswith(READY):
            self.stop()
            raise RuntimeError(f"The sandbox did not start; it said {line!r}.")
        self.base_url = line.removeprefix(READY).strip()

    def stop(self) -> int:
        """End it; the exit code is 0 if it stopped cleanly."""
        self._process.terminate()
        try:
            return self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            if self._process.stdout:
                self._process.stdout.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()
