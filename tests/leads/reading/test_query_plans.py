"""Every query over leads, calls and log rows starts at an index: a million rows feel like ten.

That an index can serve a query is shown here; that PostgreSQL chooses it among a million
rows, and what that takes, is measured by `make bench-growth`.
"""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coachbot.providers.calcom import client as calcom
from leads import erasure
from leads.calls.placing import reconcile
from leads.contact.planned import steps as steps_of_leads
from leads.management import seeding
from leads.models import Lead, LeadStatus, Message
from leads.reading import lists
from leads.reading.overview import failures
from leads.reading.overview.days import chosen
from leads.reading.troubles import found
from tests.factories import (
    make_calls,
    make_cast,
    make_conversation,
    make_key,
    make_lead,
    make_phone,
    make_refused,
    make_user,
    make_workspace,
)
from workspaces.connections import credentials
from workspaces.log import record
from workspaces.models import Membership, Role, User

pytestmark = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="plans are PostgreSQL's; SQLite serves one business"
)

GROWING = {"leads_lead", "leads_call", "leads_refusedsubmission", "workspaces_logentry"}
PAGES = [
    "waiting",
    "waiting?whose=mine",
    "waiting?whose=all",
    "",
    "?when=90",
    "?when=today",
    "first-steps",
    "leads",
    "leads?status=needs_human",
    "leads?status=new&since=2026-01-01&until=2026-12-31",
    "leads?owner=nobody",
    "leads?end=closed",
    "leads?end=won",
    "leads?next=planned",
    "leads?next=held",
    "leads?next=held:paused",
    "leads?next=not_reached",
    "leads?next=none",
    "leads?tab=to_do",
    "leads?tab=booked",
    "leads?tab=not_reached",
    "leads?tab=closed",
    "leads?sort=name",
    "leads?sort=active",
    "leads?sort=next_call",
    "leads?sort=next_step",
    "leads?outcome=busy",
    "leads?outcome=never",
    "leads?source=form",
    "leads?when=7",
    "leads?contact=contacted",
    "leads?contact=reached",
    "leads?tests=without&when=90",
    "offered/paused",
    "leads?text=Jane",
    "leads?text=%2B447912345678",
    "refused",
    "logs",
    "logs?kind=tool_call",
    "logs?outcome=refused",
    "logs?outcome=problems",
    "logs?text=Jane",
    "logs?text=assistant",
    "logs?key=0a1b2c3d",
    "logs?since=2026-01-01&until=2026-12-31",
]


MANY = 500


@pytest.fixture(scope="module")
def seeded(sandbox):
    """A paused workspace with some leads, calls and log rows."""
    cast = make_cast(sandbox, is_paused=True, retention_days=3650)
    seeding.seed(cast.workspace, leads=50, rows=100, days=5, now=timezone.now())
    return cast


@pytest.fixture(scope="module")
def owner(seeded):
    """A client inside this process, whose queries can be seen, signed in and with the key."""
    user = User.objects.create_user(f"{seeded.workspace.slug}@example.com")
    Membership.objects.create(workspace=seeded.workspace, user=user, role=Role.OWNER)
    client = Client(headers={"Authorization": f"Bearer {seeded.key}", "Host": "127.0.0.1"})
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_page_starts_at_an_index(owner, seeded, page):
    with CaptureQueriesContext(connection) as queries:
        response = owner.get(f"/admin/{seeded.workspace.slug}/{page}")

    assert response.status_code == 200
    assert_indexed(queries)


@pytest.mark.parametrize("few", [1_000, 1])
def test_leads_of_both_ways_of_being_held_start_at_an_index(owner, seeded, monkeypatch, few):
    """Few are looked up by their ids; of many the newest are gone through."""
    monkeypatch.setattr(lists, "FEW", few)
    for lead in seeded.workspace.leads.filter(held_because="")[:2]:
        steps_of_leads.plan(lead, "attempt", None, held_because="paused")
    lead = make_lead(seeded.workspace, held_because="paused")

    with CaptureQueriesContext(connection) as queries:
        page = owner.get(f"/admin/{seeded.workspace.slug}/leads?next=held:paused")

    assert str(lead.pk) in page.content.decode()
    assert_indexed(queries)


def test_member_who_leaves_finds_their_leads_by_an_index(seeded):
    leaving = make_user(seeded.workspace).memberships.get()

    with CaptureQueriesContext(connection) as queries:
        leaving.leads.count()
        leaving.delete()

    assert_indexed(queries)


def test_lead_with_its_timeline_starts_at_an_index(owner, seeded):
    lead = seeded.workspace.leads.first()

    with CaptureQueriesContext(connection) as queries:
        response = owner.get(f"/admin/{seeded.workspace.slug}/leads/{lead.pk}")

    assert response.status_code == 200
    assert_indexed(queries)


def test_what_keeps_the_agent_from_its_work_starts_at_an_index(sandbox):
    workspace = make_cast(sandbox, daily_call_limit=0).workspace
    connect_calcom(workspace)
    make_refused(workspace)
    make_log_rows_of_failures(workspace, make_lead(workspace, held_because="country"))

    with CaptureQueriesContext(connection) as queries:
        told = found.find(workspace)

    codes = {trouble.code for trouble in told}
    assert {"daily_limit", "vapi_account_wrong", "calcom_account_wrong", "people_refused"} == codes
    assert len(queries) <= 20
    assert_indexed(queries)


def connect_calcom(workspace) -> None:
    credentials.connect_calcom(workspace, calcom.Account("cal_key", 1, "Europe/London"))


def make_log_rows_of_failures(workspace, lead) -> None:
    """Write what stays in the log of an assistant that is missing, and of a refused calendar."""
    rows = {"workspace_id": workspace.pk, "action": "test", "outcome": "failed"}
    record.row(
        **rows,
        kind="api_request",
        code="api.create_lead",
        status_code=502,
        error_code="vapi.assistant_missing",
    )
    record.row(
        **rows,
        kind="provider_request",
        code="calcom.list_slots",
        lead_id=lead.pk,
        error_code="calcom.key_refused",
    )


def test_messages_that_did_not_arrive_are_found_by_an_index_of_them():
    workspace = make_workspace(channel="whatsapp")
    conversation = make_conversation(make_lead(workspace))
    Message.objects.bulk_create(
        Message(
            workspace=workspace,
            conversation=conversation,
            author="agent",
            purpose="opener",
            status="delivered" if place else "failed",
            created_at=timezone.now() - timedelta(minutes=place),
        )
        for place in range(2_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE leads_message")

    with CaptureQueriesContext(connection) as queries:
        lost = failures.count(workspace, chosen("30", timezone.localdate()))

    assert lost.number == 1
    assert "message_lost_newest" in indexes_of(queries.captured_queries[0]["sql"])


def test_create_duplicate_and_read_start_at_an_index(owner):
    body = {"name": "Jane Doe", "phone": make_phone(), "consent": True}

    with CaptureQueriesContext(connection) as queries:
        first = owner.post("/api/public/leads", body, content_type="application/json")
        second = owner.post("/api/public/leads", body, content_type="application/json")
        read = owner.get(first.headers["Location"])

    assert [first.status_code, second.status_code, read.status_code] == [201, 409, 200]
    assert_indexed(queries)


LISTS = {
    "": "lead_newest",
    "status=needs_human": "lead_status_newest",
    "since=2026-01-01T00:00:00Z": "lead_newest",
    "source=source-7": "lead_source_newest",
    "source=api&since=2026-01-01T00:00:00Z": "lead_source_newest",
    "phone=%2B447912345678": "lead_phone_unique",
}


@pytest.fixture(scope="module")
def many(seeded):
    """Leads of a workspace among which each source, status and day is rare; and statistics."""
    now, statuses = timezone.now(), LeadStatus.values
    Lead.objects.bulk_create(
        Lead(
            workspace=seeded.workspace,
            channel="voice",
            name="Jane Doe",
            phone=f"+4478{place:08d}",
            status=statuses[place % len(statuses)],
            metadata={"utm_source": f"source-{place % 400}"} if place % 100 else {},
            consent_at=now,
            accepted_at=now,
            created_at=now - timedelta(hours=place),
        )
        for place in range(4_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE leads_lead")


@pytest.fixture
def client(seeded):
    """A client inside this process with a key of its own, whose windows are empty."""
    return Client(
        headers={"Authorization": f"Bearer {make_key(seeded.workspace)}", "Host": "127.0.0.1"}
    )


@pytest.mark.parametrize(("query", "index"), LISTS.items())
def test_page_of_a_list_is_one_query_that_starts_at_its_index(client, many, query, index):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/api/public/leads?limit=100&{query}")

    assert response.status_code == 200, response.content
    assert_indexed(queries)
    [listing] = [query["sql"] for query in queries if 'FROM "leads_lead"' in query["sql"]]
    assert indexes_of(listing) == {index}


def test_page_far_down_a_list_starts_at_its_index_too(client, many):
    first = client.get("/api/public/leads?limit=100").json()

    with CaptureQueriesContext(connection) as queries:
        second = client.get(f"/api/public/leads?limit=100&cursor={first['nextCursor']}")

    assert len(second.json()["data"]) == 100
    assert_indexed(queries)


def test_erasure_starts_at_an_index(client, seeded):
    lead = make_lead(seeded.workspace)

    with CaptureQueriesContext(connection) as queries:
        assert client.delete(f"/api/public/leads/{lead.pk}").status_code == 204

    assert_indexed(queries)


def test_create_that_places_a_call_starts_at_an_index(sandbox, settings):
    settings.VAPI_BASE_URL = sandbox.base_url
    cast = make_cast(sandbox, daily_call_limit=MANY)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    make_calls(make_lead(cast.workspace), MANY - 1, created_at=an_hour_ago)
    client = Client(headers={"Authorization": f"Bearer {cast.key}", "Host": "127.0.0.1"})
    body = {"name": "Jane Doe", "phone": make_phone(), "consent": True}

    with CaptureQueriesContext(connection) as queries:
        response = client.post("/api/public/leads", body, content_type="application/json")

    assert response.json()["callQueued"] is True
    assert_indexed(queries)


def test_periodic_work_starts_at_an_index(seeded):
    with CaptureQueriesContext(connection) as queries:
        reconcile.settle_dialing_calls()
        reconcile.oldest_dialing_call_seconds()
        erasure.apply_retention(seeded.workspace, timezone.now() + timedelta(days=1))

    assert_indexed(queries)


def test_a_query_without_an_index_is_found(seeded):
    with CaptureQueriesContext(connection) as queries:
        list(seeded.workspace.leads.model.objects.filter(goal="no index"))

    assert len(scans_of(queries.captured_queries[0]["sql"])) == 1


def assert_indexed(queries) -> None:
    """Assert that of the queries made at least one is over rows that grow, and none scans them."""
    growing = [query["sql"] for query in queries if any(table in query["sql"] for table in GROWING)]
    planned = [
        sql for sql in growing if sql.startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH"))
    ]
    assert planned
    assert [sql for sql in planned if scans_of(sql)] == []


def scans_of(sql: str) -> list[dict]:
    """Return the steps of a query's plan that go through a whole table, if any must."""
    return [step for step in plan_of(sql) if is_scan(step)]


def indexes_of(sql: str) -> set[str]:
    """Return the indexes that a query's plan uses."""
    return {step["Index Name"] for step in plan_of(sql) if "Index Name" in step}


def plan_of(sql: str) -> list[dict]:
    with transaction.atomic(), connection.cursor() as cursor:
        # A small table is always scanned; this leaves scans only where no index can serve.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    return steps(json.loads(plan) if isinstance(plan, str) else plan)


def steps(part) -> list[dict]:
    """Return every step of a plan."""
    if isinstance(part, list):
        return [step for inner in part for step in steps(inner)]
    inner = part.get("Plans", []) + ([part["Plan"]] if "Plan" in part else [])
    return [part, *steps(inner)]


def is_scan(step: dict) -> bool:
    """Tell a step that reads all of a growing table, by itself or by all of an index."""
    if step.get("Relation Name") not in GROWING:
        return False
    if step["Node Type"] in ("Index Scan", "Index Only Scan"):
        return "Index Cond" not in step
    return step["Node Type"] == "Seq Scan"
