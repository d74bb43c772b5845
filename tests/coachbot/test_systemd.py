"""The units of deploy/systemd: what a process that was taken over could still do."""

import shutil
import subprocess

import pytest

from tests.servers import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
# In tenths, of the 100 of a unit that is not hardened at all. Ours are at 1.2.
MOST_EXPOSED = "30"
COMMAND = ("systemd-analyze", "security", "--offline=true", "--no-pager")


def knows_offline() -> bool:
    """Return whether systemd is here, and at least of version 250."""
    if not shutil.which(COMMAND[0]):
        return False
    told = subprocess.run([COMMAND[0], "security", "--help"], capture_output=True, text=True)
    return "--offline" in told.stdout


@pytest.mark.skipif(not knows_offline(), reason="systemd-analyze of version 250 is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_unit_exposes_little(unit):
    done = subprocess.run(
        [*COMMAND, f"--threshold={MOST_EXPOSED}", str(unit)], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout[-200:] + done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_unit_writes_files_for_its_own_user_only(unit):
    lines = unit.read_text().splitlines()

    assert {"User=coachbot", "UMask=0077", "ProtectSystem=strict"} <= set(lines)
