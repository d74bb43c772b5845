"""Each task writes lines to a file of its name below PROBES: what happened, in which process."""

import os
import time
from pathlib import Path

from coachbot.work import periodic

FOLDER = Path(os.environ["PROBES"])


def note(name: str, what: str) -> None:
    with (FOLDER / name).open("a") as file:
        file.write(f"{what} {os.getpid()}\n")


@periodic.every(1, name="probe-tick")
def tick():
    note("tick", "begun")
    time.sleep(0.1)
    note("tick", "ended")


@periodic.every(3600, name="probe-slow")
def slow():
    note("slow", "begun")
    while not (FOLDER / "go").exists():
        time.sleep(0.02)
    note("slow", "ended")


@periodic.every(3600, name="probe-broken")
def broken():
    note("broken", "begun")
    raise RuntimeError("This task fails.")
