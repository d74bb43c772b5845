"""The sandbox is no part of a deployment: no command of it, and nothing of it in the image."""

import shutil
from fnmatch import fnmatch
from pathlib import Path, PurePath

import pytest

from tests.command_line import forked, manage
from tests.servers import ROOT

COMMANDS = ("sandbox", "vapi_sandbox")


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A folder with what the image holds of the project."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]

    def left_out(folder, names):
        inside = Path(folder).relative_to(ROOT)
        return [name for name in names if is_left_out(inside / name, rules)]

    folder = tmp_path_factory.mktemp("image") / "app"
    shutil.copytree(ROOT, folder, ignore=left_out)
    return folder


def is_left_out(path: PurePath, rules: list[str]) -> bool:
    """Read the rules as Docker does: the last that fits a path, or a folder above it, decides."""
    is_out = False
    for rule in rules:
        if any(fits(place, rule.strip("!/")) for place in [path, *path.parents[:-1]]):
            is_out = not rule.startswith("!")
    return is_out


def fits(path: PurePath, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch(path.name, pattern.removeprefix("**/"))
    return fnmatch(str(path), pattern)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_unknown_in_production(command):
    result = manage(command, "--help", DEBUG="0")

    assert result.returncode == 1
    assert f"Unknown command: '{command}'" in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_known_in_development(command):
    result = manage(command, "--help", DEBUG="1")

    assert result.returncode == 0, result.stderr
    assert "--events-url" in result.stdout


def test_image_holds_the_product_and_no_sandbox(image):
    assert (image / "coachbot" / "providers" / "vapi" / "client.py").exists()
    assert not (image / "coachbot" / "sandbox").exists()
    assert not (image / "tests").exists()


@pytest.mark.parametrize("debug", ["0", "1"])
def test_image_works_without_the_sandbox(image, debug):
    result = forked("manage.py", "check", cwd=image, DEBUG=debug)

    assert result.returncode == 0, result.stderr


def test_demo_in_the_image_says_where_to_run_it(image):
    result = forked("manage.py", "run_demo", cwd=image, DEBUG="1", VAPI_BASE_URL="")

    assert result.returncode == 1
    assert result.stderr.startswith("CommandError: The sandbox is not here:")
    assert "`make run` in a clone" in result.stderr
