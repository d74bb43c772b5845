"""A database, or a Redis, that can be read and takes no writes: a failover, a full memory."""

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
import requests
from django.db import connection

from tests.client import Api
from tests.factories import make_lead
from tests.servers import wait_until
from workspaces.models import LogEntry

pytestmark = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="it is PostgreSQL's and Redis's"
)
UNAVAILABLE = "Service temporarily unavailable."


def readiness(server) -> tuple[int, dict]:
    response = requests.get(f"{server.base_url}/readyz", timeout=10)
    assert response.elapsed.total_seconds() < 5
    return response.status_code, response.json()


@pytest.fixture
def standby():
    """The URL of the database for a role that may not write, until it is promoted."""
    url = urlsplit(os.environ["DATABASE_URL"])
    role = f"standby_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute(f"CREATE ROLE {role} LOGIN SUPERUSER")
        database.execute(f"ALTER ROLE {role} SET default_transaction_read_only = on")
        yield (
            urlunsplit(url._replace(netloc=f"{role}@{url.netloc.rpartition('@')[2]}")),
            lambda: database.execute(f"ALTER ROLE {role} RESET default_transaction_read_only"),
        )
        database.execute(f"ALTER ROLE {role} RENAME TO {role}_gone")  # a server still uses it


def test_read_only_database_is_read_and_nothing_else_until_it_is_writable(start_web, cast, standby):
    url, promote = standby
    server = start_web(DATABASE_URL=url, PUBLIC_API_RATE_LIMITS="1000/m")
    api, lead = Api(server.base_url, cast.key), make_lead(cast.workspace)

    status, told = readiness(server)
    refused, read, unknown = api.submit(), api.read(lead.pk), api.read("none")

    assert (status, told["database"], told["cache"]) == (503, False, True)
    assert (refused.status_code, refused.json()["error"]) == (503, UNAVAILABLE)
    assert (read.status_code, unknown.status_code) == (200, 404)
    assert not cast.placed()
    assert not LogEntry.objects.filter(workspace=cast.workspace).exists()

    promote()

    wait_until(lambda: readiness(server)[0] == 200, "it to be ready", 15)
    # Each process finds out by itself.
    wait_until(lambda: {api.submit().status_code for _ in range(5)} == {201}, "it to serve", 10)


def test_full_redis_is_not_ready(web):
    memory = redis.Redis.from_url(os.environ["REDIS_URL"])
    assert readiness(web)[0] == 200
    memory.config_set("maxmemory-policy", "noeviction")
    memory.config_set("maxmemory", "1")
    try:
        wait_until(lambda: readiness(web)[1]["cache"] is False, "it to notice", 15)
        assert readiness(web)[0] == 503
    finally:
        memory.config_set("maxmemory", "0")

    wait_until(lambda: readiness(web)[0] == 200, "it to be ready", 15)
