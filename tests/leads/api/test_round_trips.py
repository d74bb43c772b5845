"""How often a create and a read go to the database: each trip more is felt by everyone."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_cast, make_lead, make_phone


@pytest.fixture
def paused(sandbox):
    return make_cast(sandbox, is_paused=True)


@pytest.fixture
def client(paused):
    """A client inside this process, whose queries can be seen, and whose key is warm."""
    client = Client(headers={"Authorization": f"Bearer {paused.key}", "Host": "127.0.0.1"})
    assert client.get("/api/public/leads/none").status_code == 404
    return client


def test_create_takes_three_queries(client):
    body = {"name": "Jane Doe", "phone": make_phone(), "consent": True}

    with CaptureQueriesContext(connection) as queries:
        response = client.post("/api/public/leads", body, content_type="application/json")

    assert response.status_code == 201
    assert tables(queries) == ["workspaces_apikey", "leads_lead", "workspaces_logentry"]


def test_read_takes_three_queries(client, paused):
    lead = make_lead(paused.workspace)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/api/public/leads/{lead.pk}")

    assert response.status_code == 200
    assert tables(queries) == ["workspaces_apikey", "leads_lead", "leads_call"]


def tables(queries):
    """Return the first table that each query names."""
    return [query["sql"].partition('"')[2].partition('"')[0] for query in queries]
