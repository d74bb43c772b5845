"""A slow query or a held lock gives its thread back."""

import time

import pytest
from django.db import connection, transaction

from tests.client import Api
from tests.command_line import manage


@pytest.fixture
def impatient(start_web):
    """A server that gives a lock up after half a second."""
    return start_web(DATABASE_LOCK_TIMEOUT="0.5", PUBLIC_API_RATE_LIMITS="100/m")


def test_held_lock_is_given_up_and_answered_503(impatient, cast):
    api = Api(impatient.base_url, cast.key)
    with transaction.atomic():
        lock_leads()
        started = time.monotonic()
        response = api.submit()
        seconds = time.monotonic() - started

    assert response.status_code == 503
    assert response.json()["error"] == "Service temporarily unavailable."
    assert seconds < 5
    assert api.submit().status_code == 201


def lock_leads():
    """Keep everybody else from writing leads until the transaction ends, as SQLite does anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE leads_lead IN ACCESS EXCLUSIVE MODE")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite ends no query by itself")
def test_query_that_takes_too_long_is_ended_by_postgresql():
    query = "from django.db import connection; connection.cursor().execute('SELECT pg_sleep(60)')"
    started = time.monotonic()

    done = manage("shell", "-c", query, DATABASE_STATEMENT_TIMEOUT="0.5")

    assert "canceling statement due to statement timeout" in done.stderr
    assert time.monotonic() - started < 20
