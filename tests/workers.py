"""Real workers for tests: `manage.py work` as a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.servers import ROOT, wait_until


class Worker:
    """A worker with its output in a file. Further settings go into its environment."""

    def __init__(self, *arguments: str, **settings: str):
        self.command = [sys.executable, "manage.py", "work", *arguments]
        self.environment = {**os.environ, **settings}
        self.starts = 0

    def start(self) -> "Worker":
        """Start it and wait until it works. Raises RuntimeError with its output if it ends."""
        self.spawn()
        wait_until(lambda: self.says("The worker has started"), "the worker to start")
        return self

    @property
    def log(self) -> Path:
        """Where it writes; each start has a file of its own."""
        return Path(os.environ["TEST_FOLDER"]) / f"worker-{id(self)}-{self.starts}.log"

    def spawn(self) -> None:
        """Start it, and do not wait."""
        self.starts += 1
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def says(self, words: str) -> bool:
        """Return whether it has printed some words."""
        text = self.log.read_text(errors="replace")
        if words not in text and self.process.poll() is not None:
            raise RuntimeError(f"The worker ended:\n{text}")
        return words in text

    def stop(self, by=signal.SIGTERM) -> int:
        """Ask it to finish and wait until it has. Return its exit status."""
        self.process.send_signal(by)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.wait(timeout=10)
