"""A machine whose clock is wrong: the process sees another time, the database does not."""

from pathlib import Path

import pytest

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
needs_faketime = pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed")


def clock(offset: str) -> dict[str, str]:
    """Return the environment of a process whose clock is off, such as by `+28s`."""
    return {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME": offset,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # nobody sets that one
        "FAKETIME_DONT_RESET": "1",
    }
