"""Python programs that begin with their libraries loaded, which is half of what a start costs.

A process of multiprocessing's forkserver imports what Coachbot uses of others, and forks for each
start. It holds nothing of ours and has read no setting: a program reads its own environment,
imports our modules and runs from its first line, as if a shell had started it. Where a test
is about the start itself, or about what Python reads when it starts, use subprocess.
"""

import gc
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

# None that reads a setting when it is imported, as do gunicorn, prometheus_client and most of
# rest_framework.
# pytest, as multiprocessing imports the main module of the parent once more in each child.
LIBRARIES = [
    *("django.contrib.auth.password_validation", "django.contrib.postgres.fields"),
    *("django.contrib.messages.storage.fallback", "django.contrib.sessions.backends.db"),
    *("django.contrib.staticfiles.storage", "django.core.cache.backends.redis"),
    *("django.core.handlers.wsgi", "django.core.management", "django.core.paginator"),
    *("django.db.backends.postgresql.base", "django.db.backends.sqlite3.base"),
    *("django.db.migrations.executor", "django.forms", "django.shortcuts", "django.template"),
    *("django.template.loader_tags", "django.template.defaulttags", "django.views.generic"),
    *("cryptography.hazmat.primitives.ciphers.aead", "environ", "jsonschema", "markdown_it"),
    *("phonenumbers", "psycopg_pool", "pygments.formatters", "pygments.lexers", "pytest"),
    *("redis", "requests", "rest_framework.compat", "rest_framework.exceptions", "sqlparse"),
    *("uritemplate", "whitenoise", "yaml"),
]
TIMEOUT = 60
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(LIBRARIES)
# A Process tells its status once: two threads that ask would take it from each other.
_lock = threading.Lock()


class Program:
    """`python ARGUMENTS`, running in a process group of its own. Used as a subprocess.Popen."""

    def __init__(self, arguments: list[str], *, cwd: Path, env: dict, files: tuple[Path, ...]):
        """files: what it reads as its standard input, and appends its output and errors to."""
        self.args = arguments
        self.process = _context.Process(
            target=_run, args=(arguments, str(cwd), env, [str(path) for path in files]), daemon=True
        )
        with _lock:
            self.process.start()
        self.pid = self.process.pid

    def poll(self) -> int | None:
        """Return its exit status, None while it runs."""
        with _lock:
            return self.process.exitcode

    def wait(self, timeout: float) -> int:
        """Wait until it has ended. Return its exit status."""
        end = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(self.args, timeout)
            time.sleep(0.01)
        return status

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)


def run(
    folder: Path, *arguments: str, cwd: Path, env: dict, input: str = ""
) -> subprocess.CompletedProcess:
    """Run a program to its end, with files in an empty folder. Return what it printed."""
    files = (folder / "stdin", folder / "stdout", folder / "stderr")
    files[0].write_text(input)
    status = Program([*arguments], cwd=cwd, env=env, files=files).wait(TIMEOUT)
    printed = (path.read_text() for path in files[1:])
    return subprocess.CompletedProcess([*arguments], status, *printed)


def _run(arguments: list[str], cwd: str, env: dict, files: list[str]) -> None:
    os.setsid()
    for descriptor, path in enumerate(files):
        flags = os.O_APPEND | os.O_CREAT | os.O_WRONLY if descriptor else os.O_RDONLY
        opened = os.open(path, flags, 0o644)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in env  # not as the parent was started
    gc.freeze()  # the libraries are no garbage, and need not be looked through for it
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    ours = Path(__file__).parent.parent
    sys.path[:] = [cwd, *(path for path in sys.path if path and Path(path) != ours)]
    if arguments[0] == "-m":
        sys.argv[:] = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv[:] = arguments
        runpy.run_path(arguments[0], run_name="__main__")
