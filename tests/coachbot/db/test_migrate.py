"""`manage.py migrate`, started twice at once, as by two machines of one release."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

from tests.command_line import environment
from tests.servers import ROOT


@pytest.fixture
def empty_database(tmp_path):
    """The URL of a database without a table."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    url, name = os.environ["DATABASE_URL"], f"coachbot_empty_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(f'CREATE DATABASE "{name}"')
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        database.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_two_at_once_both_end_well(empty_database):
    both = [
        subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "--verbosity=1"],
            cwd=ROOT,
            env=environment(DATABASE_URL=empty_database),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    assert sorted("No migrations to apply" in words for words in said) == [False, True]
