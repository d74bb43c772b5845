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
from tests.servers import ROOT, WebServer, free_port, wait_until

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no connections to pool"),
    pytest.mark.skipif(not shutil.which("pgbouncer"), reason="pgbouncer is not installed"),
]
DOCUMENTED = re.compile(r"^ +((?:ignore_startup_parameters|max_prepared_statements) = .+)$", re.M)


@pytest.fixture
def pooled():
    """Return the URL of a PgBouncer in front of the database of the suite."""
    server = conninfo_to_dict(os.environ["DATABASE_URL"])
    lines = DOCUMENTED.findall((ROOT / "docs" / "operations.md").read_text())
    port, user = free_port(), server.get("user", "postgres")
    assert len(lines) == 2
    if not knows_prepared_statements():
        lines = [line for line in lines if "prepared" not in line]
    target = f"host={server['host']} port={server.get('port', '5432')} user={user}"
    if "password" in server:
        target += f" password={server['password']}"
    ini = Path(os.environ["TEST_FOLDER"]) / f"pgbouncer-{port}.ini"
    ini.write_text(
        f"[databases]\n* = {target}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nauth_type = any\npool_mode = transaction\nunix_socket_dir =\n"
        + "\n".join(lines)
    )
    # It does not run as root: as the user of PostgreSQL it may use that one's socket.
    owner = pwd.getpwuid(os.stat(server["host"]).st_uid).pw_name if is_socket(server) else "nobody"
    as_user = ["-u", owner] if os.geteuid() == 0 else []
    process = subprocess.Popen(["pgbouncer", *as_user, str(ini)], stderr=subprocess.PIPE)
    url = f"postgresql://{user}@127.0.0.1:{port}/{server['dbname']}"
    wait_until(lambda: answers(url), "PgBouncer to answer")
    yield url
    process.terminate()
    process.wait(timeout=10)


def knows_prepared_statements() -> bool:
    """Tell whether this PgBouncer is 1.21 or newer."""
    told = subprocess.run(["pgbouncer", "--version"], capture_output=True, text=True).stdout
    major, minor = re.search(r"(\d+)\.(\d+)", told).groups()
    return (int(major), int(minor)) >= (1, 21)


def is_socket(server: dict) -> bool:
    return server["host"].startswith("/")


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_api_works_behind_it_as_documented(pooled, providers, cast):
    prepared = {} if knows_prepared_statements() else {"DATABASE_PREPARED_STATEMENTS": "0"}
    settings = {**providers, **prepared, "PUBLIC_API_RATE_LIMITS": "100/m"}
    server = WebServer(**settings, DATABASE_URL=pooled).start()
    try:
        api = Api(server.base_url, cast.key)

        created = api.submit()
        reads = [api.read(created.json()["leadId"]).status_code for _ in range(20)]
    finally:
        server.kill()

    assert created.status_code == 201, created.text
    assert reads == [200] * 20
