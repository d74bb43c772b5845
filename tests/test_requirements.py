"""The packages that are installed: every one has its version and its hashes."""

import re

import pytest

from tests.servers import ROOT

SOURCES = [*ROOT.glob("requirements*.in"), *(ROOT / "tests").rglob("requirements*.in")]
PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def name_of(package: str) -> str:
    """Return a package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", package).lower()


def entries(path) -> list[str]:
    """Return what a file asks for, without comments, each with the lines that it goes on in."""
    text = re.sub(r"(^|\s)#.*", "", path.read_text()).replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip()]


def pins(path) -> dict[str, str]:
    """Return the versions of a file's packages, by their names."""
    found = [PIN.match(entry) for entry in entries(path) if not entry.startswith("-r ")]
    assert all(found), f"{path.name} names a package without a version"
    return {name_of(match[1]): match[2] for match in found if match}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_package_is_locked_with_its_hashes(source):
    locked = source.with_suffix(".txt")

    assert pins(source).items() <= pins(locked).items(), "run make lock"
    assert [entry for entry in entries(locked) if not HASH.search(entry)] == []


def test_tests_run_with_the_packages_of_the_server():
    server, tests = pins(ROOT / "requirements.txt"), pins(ROOT / "requirements-dev.txt")

    assert server.items() <= tests.items()
