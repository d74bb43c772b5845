"""Files that hold people's data or secrets: for the user that runs Coachbot alone."""

import logging
import stat
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

OWNER_ONLY = 0o600
OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What SQLite keeps beside a database; it gives them the mode of that file.
BESIDE_SQLITE = ("", "-wal", "-shm", "-journal")


def close_to_others(path: Path) -> None:
    """Take a SQLite file, and what stands beside it, out of the reach of other users.

    SQLite makes files that everybody can read. One of another owner is left, and a line says so.
    """
    for file in (path.with_name(path.name + end) for end in BESIDE_SQLITE):
        with suppress(FileNotFoundError):
            if not file.stat().st_mode & OTHERS:
                continue
            try:
                file.chmod(OWNER_ONLY)
            except PermissionError:
                logger.warning(complaint(file))


def complaint(path: Path) -> str:
    """Return a sentence where others can read or write a file that is there, or ""."""
    if not path.is_file() or not path.stat().st_mode & OTHERS:
        return ""
    return f"Other users can open {path}, which holds secrets. Run `chmod 600 {path}`."
