"""What processes counted that have ended, in one file for each kind of figure.

The library keeps the files of each process for ever. Processes are replaced now and then, and so
/metrics would have more and more to read.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict

# Stands for all of them in the names of files, where the id of a process is.
ENDED = 0
KINDS = ("counter", "histogram", "summary")


@contextmanager
def reading(folder: str) -> Iterator[None]:
    """Keep the files as they are while they are read: else a figure would be counted twice."""
    with _locked(folder, fcntl.LOCK_SH):
        yield


def add_up(folder: str, pid: int) -> None:
    """Move what a process counted that has ended to the others that have."""
    with _locked(folder, fcntl.LOCK_EX):
        for kind in KINDS:
            path = Path(folder, f"{kind}_{pid}.db")
            if path.exists() and path.stat().st_size:  # empty: killed as it was made
                _add(path, Path(folder, f"{kind}_{ENDED}.db"))
            path.unlink(missing_ok=True)


def _add(path: Path, to: Path) -> None:
    total = MmapedDict(str(to))
    for key, value, timestamp, _ in MmapedDict.read_all_values_from_file(str(path)):
        total.write_value(key, total.read_value(key)[0] + value, timestamp)
    total.close()


@contextmanager
def _locked(folder: str, kind: int) -> Iterator[None]:
    with Path(folder, "lock").open("a") as file:
        fcntl.flock(file, kind)  # until it is closed
        yield
