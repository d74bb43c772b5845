"""The commands as an operator runs them."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

from django.core.management import ManagementUtility
from django.test import override_settings

from tests import forkserver
from tests.servers import ROOT

TIMEOUT = 60


def manage(*arguments: str, input: str = "", **settings: str) -> subprocess.CompletedProcess:
    """Run manage.py with further settings and return what it printed. Empty means unset."""
    return forked("manage.py", *arguments, input=input, **settings)


def command(*arguments: str, input: str = "", **settings: str) -> subprocess.CompletedProcess:
    """Run a command of manage.py in this process, and return what `manage` would.

    For what a command does and says, without the second that a start takes. That it starts at
    all is tested with `manage`, at least once for each command.
    """
    argv = ["manage.py", *arguments]
    out, err = io.StringIO(), io.StringIO()
    with (
        override_settings(**settings),
        mock.patch("sys.stdin", io.StringIO(input)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        status = _run_here(argv)
    return subprocess.CompletedProcess(argv, status, out.getvalue(), err.getvalue())


def _run_here(argv: list[str]) -> int:
    try:
        ManagementUtility(argv).fetch_command(argv[1]).run_from_argv(argv)
    except SystemExit as ended:
        return ended.code or 0
    return 0


def gunicorn(**settings: str) -> subprocess.CompletedProcess:
    """Run gunicorn with settings that it must refuse."""
    return forked("-m", "gunicorn", PORT="0", **settings)


def run(*arguments: str, input=None, **settings: str) -> subprocess.CompletedProcess:
    """Run Python as a shell would. For what `python -c` prints, and what Python itself reads."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        input=input,
        text=True,
        timeout=TIMEOUT,
    )


def forked(
    *arguments: str, cwd=ROOT, input: str = "", **settings: str
) -> subprocess.CompletedProcess:
    """Run a program as `run` does, but begin with its libraries loaded: see forkserver.py.

    cwd: ROOT, or a copy of what the program needs.
    """
    if cwd != ROOT:  # where there are no tests
        settings = {"DJANGO_SETTINGS_MODULE": "coachbot.settings", **settings}
    with tempfile.TemporaryDirectory() as folder:
        env = environment(**settings)
        return forkserver.run(Path(folder), *arguments, cwd=cwd, env=env, input=input)


def environment(**settings: str) -> dict[str, str]:
    """Return the environment with further settings. Empty means unset."""
    return {name: value for name, value in {**os.environ, **settings}.items() if value}
