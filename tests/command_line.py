"""The commands as an operator runs them."""

import os
import subprocess
import sys

from tests.servers import ROOT

TIMEOUT = 60


def manage(*arguments: str, **settings: str) -> subprocess.CompletedProcess:
    """Run manage.py with further settings and return what it printed. Empty means unset."""
    return run("manage.py", *arguments, **settings)


def gunicorn(**settings: str) -> subprocess.CompletedProcess:
    """Run gunicorn with settings that it must refuse."""
    return run("-m", "gunicorn", PORT="0", **settings)


def run(*arguments: str, cwd=ROOT, input=None, **settings: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment(**settings),
        capture_output=True,
        input=input,
        text=True,
        timeout=TIMEOUT,
    )


def environment(**settings: str) -> dict[str, str]:
    """Return the environment with further settings. Empty means unset."""
    return {name: value for name, value in {**os.environ, **settings}.items() if value}
