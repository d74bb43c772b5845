"""What was answered, when, and in which phase of the day."""

import json
import threading
import time
from dataclasses import dataclass
from pathlib import Path

NO_ANSWER = 0
CALM = "calm"


@dataclass(frozen=True)
class Answer:
    """at: by the clock, when it was there. status: NO_ANSWER where the connection broke.

    request_id: as the answer says it, "" where there is none.
    """

    at: float
    kind: str
    status: int
    seconds: float
    request_id: str = ""

    @property
    def asked_at(self) -> float:
        return self.at - self.seconds


class Record:
    """Collects answers from many threads, and the phases of the day."""

    def __init__(self):
        self.began = time.time()
        self.answers: list[Answer] = []
        self.notes: list[str] = []
        self.phases: list[tuple[float, str]] = [(self.began, CALM)]
        self._adding = threading.Lock()

    def restart(self) -> None:
        """Let the day begin now."""
        self.began = time.time()
        self.phases = [(self.began, CALM)]

    def add(self, kind: str, status: int, seconds: float, request_id: str = "") -> None:
        with self._adding:
            self.answers.append(Answer(time.time(), kind, status, seconds, request_id))

    def begin(self, phase: str) -> None:
        now = time.time()
        self.phases.append((now, phase))
        print(f"{self.minute(now):5}:{int(now - self.began) % 60:02}  {phase}", flush=True)

    def note(self, words: str) -> None:
        """Keep what a reader of the table should know."""
        self.notes.append(words)
        print(f"       {words}", flush=True)

    def minute(self, at: float) -> int:
        return int((at - self.began) // 60)

    def phase_at(self, at: float) -> str:
        """Return the phase of a moment."""
        return [phase for begin, phase in self.phases if begin <= at or begin == self.began][-1]

    def phases_in(self, minute: int) -> str:
        """Return the phases that a minute saw."""
        first, last = self.began + 60 * minute, self.began + 60 * (minute + 1)
        seen = [self.phase_at(first), *(p for begin, p in self.phases if first < begin < last)]
        return ", ".join(dict.fromkeys(seen))

    def read_probes(self, path: Path) -> list[Answer]:
        """Return what bench.bad_day.probes wrote."""
        probes = [Answer(**json.loads(line)) for line in path.read_text().splitlines()]
        return [probe for probe in probes if probe.asked_at >= self.began]
