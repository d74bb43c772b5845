"""How often a create and a read go to the database: each trip more is felt by everyone."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leads.contact import daily_count
from tests.factories import make_call, make_cast, make_lead, make_phone
from workspaces.models import LogEntry, Workspace

LOG = "workspaces_logentry"


@pytest.fixture
def paused(sandbox):
    return make_cast(sandbox, is_paused=True)


@pytest.fixture
def client(paused):
    """A client inside this process, whose queries can be seen, and whose key is warm."""
    client = Client(headers={"Authorization": f"Bearer {paused.key}", "Host": "127.0.0.1"})
    assert client.get("/api/public/leads/none").status_code == 404
    return client


def test_create_takes_three_round_trips(client, paused):
    body = {"name": "Jane Doe", "phone": make_phone(), "consent": True}

    with CaptureQueriesContext(connection) as queries:
        response = client.post("/api/public/leads", body, content_type="application/json")

    assert response.status_code == 201
    assert tables(queries) == [
        "workspaces_apikey",
        "leads_lead",
        LOG,
    ]
    assert LogEntry.objects.filter(lead_id=paused.workspace.leads.get().pk).count() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no round trips")
def test_create_that_places_a_call_takes_eight_round_trips(client, paused, settings, sandbox):
    settings.VAPI_BASE_URL = sandbox.base_url
    Workspace.objects.filter(pk=paused.workspace.pk).update(is_paused=False)
    daily_count.begin(paused.workspace.pk)
    body = {"name": "Jane Doe", "phone": make_phone(), "consent": True}

    with CaptureQueriesContext(connection) as queries:
        response = client.post("/api/public/leads", body, content_type="application/json")

    assert response.json()["callQueued"] is True
    assert [query["sql"] for query in queries if not tables([query])] == ["BEGIN", "COMMIT"]
    assert tables(queries) == [
        "workspaces_apikey",
        "leads_lead",  # its conversation, its call, and the place of that in the day
        "workspaces_credential",
        LOG,  # what Vapi was asked
        "leads_lead",  # accepted, its call confirmed
        LOG,
    ]
    lead = paused.workspace.leads.accepted().get()
    assert lead.calls.get().status == "in_progress"
    assert LogEntry.objects.filter(lead_id=lead.pk).count() == 2


@pytest.mark.parametrize("calls", [0, 2])
def test_read_takes_two_queries(client, paused, calls):
    lead = make_lead(paused.workspace)
    for _ in range(calls):
        make_call(lead)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/api/public/leads/{lead.pk}")

    assert response.status_code == 200
    assert tables(queries) == ["workspaces_apikey", "leads_lead"]


@pytest.mark.parametrize("number", [1, 100])
def test_page_takes_two_queries_and_a_row_of_the_log_however_many_leads_it_has(
    client, paused, number
):
    for _ in range(number):
        make_call(make_lead(paused.workspace))

    with CaptureQueriesContext(connection) as queries:
        response = client.get("/api/public/leads", {"limit": 100})

    assert len(response.json()["data"]) == number
    assert tables(queries) == ["workspaces_apikey", "leads_lead", LOG]


def tables(queries):
    """Return the first table that each query names."""
    named = [query["sql"].partition('"')[2].partition('"')[0] for query in queries]
    return [name for name in named if name]  # BEGIN names none
