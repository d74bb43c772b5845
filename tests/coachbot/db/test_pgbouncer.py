"""PgBouncer between Coachbot and PostgreSQL, set up with the lines that the docs give."""

import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from tests.client import Api
from tests.command_line import run
from tests.servers import ROOT, WebServer, free_port, wait_until

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no connections to pool"),
    pytest.mark.skipif(not shutil.which("pgbouncer"), reason="pgbouncer is not installed"),
]
DOCUMENTED = re.findall(
    r"^    (.+)$",
    (ROOT / "docs" / "operations.md").read_text().split("## PgBouncer\n")[1].split("\n## ")[0],
    re.MULTILINE,
)
MISSING = "PostgreSQL has no lock_timeout and no statement_timeout"


def knows_prepared_statements() -> bool:
    """Tell whether this PgBouncer is 1.21 or newer."""
    told = subprocess.run(["pgbouncer", "--version"], capture_output=True, text=True).stdout
    major, minor = re.search(r"(\d+)\.(\d+)", told).groups()
    return (int(major), int(minor)) >= (1, 21)


@pytest.fixture
def role():
    """A role of PostgreSQL that nobody else is, with a password."""
    name = f"pooled_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute(f"CREATE ROLE {name} SUPERUSER LOGIN PASSWORD 'pooled'")
        yield name
        database.execute(f"DROP ROLE {name}")


@pytest.fixture
def pooled(role):
    """The settings for a PgBouncer that is set up with the lines of the docs."""
    server = conninfo_to_dict(os.environ["DATABASE_URL"])
    port, is_new = free_port(), knows_prepared_statements()
    lines = [line for line in DOCUMENTED if not line.startswith("ALTER ROLE")]
    lines = [line for line in lines if is_new or not line.startswith("max_prepared_statements")]
    target = f"host={server['host']} port={server.get('port', '5432')} user={role} password=pooled"
    ini = Path(os.environ["TEST_FOLDER"]) / f"pgbouncer-{port}.ini"
    ini.write_text(
        f"[databases]\n* = {target}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nauth_type = any\nunix_socket_dir =\n" + "\n".join(lines)
    )
    url = f"postgresql://{role}@127.0.0.1:{port}/{server['dbname']}"
    process = subprocess.Popen(["pgbouncer", *as_whom(server), str(ini)], stderr=subprocess.PIPE)
    wait_until(lambda: answers(url), "PgBouncer to answer")
    yield {"DATABASE_URL": url, "DATABASE_PREPARED_STATEMENTS": "1" if is_new else "0"}
    process.terminate()
    process.wait(timeout=10)


def as_whom(server: dict) -> list[str]:
    """PgBouncer does not run as root: as the user of PostgreSQL it may use that one's socket."""
    if os.geteuid() != 0:
        return []
    is_socket = server["host"].startswith("/")
    return ["-u", pwd.getpwuid(os.stat(server["host"]).st_uid).pw_name if is_socket else "nobody"]


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture
def limits(role):
    """The time limits of the role, with the lines of the docs."""
    lines = [line for line in DOCUMENTED if line.startswith("ALTER ROLE")]
    assert len(lines) == 2 and all(" coachbot " in line for line in lines)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        for line in lines:
            database.execute(line.replace(" coachbot ", f" {role} "))


def test_api_works_behind_it_as_documented(limits, pooled, providers, cast):
    server = WebServer(**providers, **pooled, PUBLIC_API_RATE_LIMITS="100/m").start()
    try:
        api = Api(server.base_url, cast.key)

        created = api.submit()
        reads = [api.read(created.json()["leadId"]).status_code for _ in range(20)]
    finally:
        server.kill()

    assert created.status_code == 201, created.text
    assert reads == [200] * 20
    with psycopg.connect(pooled["DATABASE_URL"], autocommit=True) as through:
        assert through.execute("SHOW statement_timeout").fetchone() == ("10s",)
    assert MISSING not in server.output()


def test_start_says_where_time_limits_do_not_get_through(pooled):
    result = run("-m", "coachbot.server.start", "1", **pooled)

    assert result.returncode == 0
    assert MISSING in result.stderr
