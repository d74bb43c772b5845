"""What servers and workers wrote on the day: it explains the answers that nothing else does."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.bad_day.record import Answer, Record

WORTH = {"WARNING", "ERROR", "CRITICAL"}
NOTHING = "  No server wrote a line of it."
LONGEST_TRACEBACK = 40  # lines; the last ones tell the most


def keep(folder: Path) -> Path:
    """Copy the logs of all processes out of a folder that is removed soon. Return where to."""
    kept = Path(tempfile.gettempdir()) / f"coachbot-bad-day-{time.strftime('%Y%m%d-%H%M%S')}"
    kept.mkdir(parents=True)
    for log in (*folder.glob("*.log"), *folder.glob("*.jsonl"), *folder.glob("postgres/log")):
        shutil.copy(log, kept / log.name)
    return kept


def explanations(record: Record, answers: list[Answer], folder: Path) -> str:
    """Return of each answer its phase, its request and what the servers wrote of that."""
    said = lines_of({answer.request_id for answer in answers if answer.request_id}, folder)
    return "\n\n".join(
        "\n".join([_asked(record, answer), *said.get(answer.request_id, [NOTHING])])
        for answer in answers
    )


def _asked(record: Record, answer: Answer) -> str:
    asked, answered = record.phase_at(answer.asked_at), record.phase_at(answer.at)
    return (
        f"{answer.kind} {answer.status or 'broken off'} after {answer.seconds:.1f} s, "
        f"asked in minute {record.minute(answer.asked_at)} ({asked}), answered in: {answered}. "
        f"Request {answer.request_id or '-'}"
    )


def lines_of(requests: set[str], folder: Path) -> dict[str, list[str]]:
    """Return by request what was written of it and is worth reading, with tracebacks."""
    said: dict[str, list[str]] = {}
    for log in sorted(folder.glob("*.log")):
        for line in _read(log):
            if line.get("request_id") in requests and line.get("level") in WORTH:
                said.setdefault(line["request_id"], []).append(_told(log.stem, line))
    return said


def _read(log: Path) -> Iterator[dict]:
    with log.open(errors="replace") as lines:
        for line in lines:
            try:
                read = json.loads(line)
            except ValueError:
                continue  # of another program, or cut by a kill
            if isinstance(read, dict):
                yield read


def _told(process: str, line: dict) -> str:
    head = f"  {process} {line.get('time', '')} {line['level']} {line.get('logger', '')}"
    trace = str(line.get("exc_info") or "").splitlines()[-LONGEST_TRACEBACK:]
    return "\n    ".join([f"{head}: {line.get('message', '')}", *trace])
