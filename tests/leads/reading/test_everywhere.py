"""Platform staff find a person by phone, and a log row by request id, whichever workspace."""

import itertools
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.management import seeding
from tests.client import Api
from tests.factories import make_call, make_cast, make_lead, make_phone, make_user, make_workspace
from tests.leads.reading.test_query_plans import assert_indexed

TABLES = ["leads/lead", "leads/call", "workspaces/logentry"]


@pytest.fixture
def staff(visit):
    return visit(make_user(is_staff=True, is_superuser=True))


def find(staff, table, text) -> str:
    answer = staff.get(f"/admin/{table}/", q=text)
    assert answer.status_code == 200
    return answer.text


def test_person_is_found_by_phone_in_any_spelling(staff):
    national = make_phone()[3:]
    lead = make_lead(make_workspace(default_country="GB"), phone=f"+44{national}")
    other = make_lead(make_workspace())

    spellings = [f"+44{national}", f"0044 {national}", f"0{national[:4]} {national[4:]}"]
    pages = [find(staff, "leads/lead", text) for text in (*spellings, str(lead.pk))]

    assert [str(lead.pk) in page for page in pages] == [True] * 4
    assert not any(str(other.pk) in page for page in pages)


def test_lead_that_is_stored_in_an_older_spelling_is_found(staff):
    national = make_phone()[3:]
    lead = make_lead(make_workspace(), phone=f"+440{national}")

    assert str(lead.pk) in find(staff, "leads/lead", f"+44{national}")


def test_submission_that_became_no_lead_is_found_in_the_log(web, staff, sandbox):
    cast, phone = make_cast(sandbox, default_country="GB"), make_phone("45")
    refused = Api(web.base_url, cast.key).submit(phone=phone)
    assert refused.status_code == 502

    page = find(staff, "workspaces/logentry", f"0{phone[3:]}")

    [entry] = cast.workspace.log.filter(kind="api_request")
    assert f"/logs/{entry.pk}" in page
    assert f"/logs/{entry.pk}" in find(staff, "workspaces/logentry", entry.request_id)


def test_call_is_found_by_either_id_and_by_phone(staff):
    call = make_call(make_lead(make_workspace()), vapi_call_id=f"call-{make_phone()}")

    pages = [
        find(staff, "leads/call", text)
        for text in (call.vapi_call_id, str(call.pk), call.lead.phone, str(call.lead_id))
    ]

    assert [f"/leads/call/{call.pk}/" in page for page in pages] == [True] * 4


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_listed_before_it_is_looked_for(staff, sandbox, table):
    workspace = make_cast(sandbox).workspace
    seeding.seed(workspace, leads=3, rows=3, days=1, now=timezone.now())

    everything = staff.get(f"/admin/{table}/").text
    of_one = staff.get(f"/admin/{table}/", workspace__id__exact=workspace.pk).text

    assert "0 selected" not in everything and workspace.slug not in everything
    assert workspace.slug in of_one


def test_row_leads_to_its_page_in_the_dashboard(staff):
    lead = make_lead(make_workspace())

    page = find(staff, "leads/lead", lead.phone)

    dashboard = f"/admin/workspaces/workspace/{lead.workspace_id}/dashboard/"
    assert f'href="{dashboard}?next=/admin/{lead.workspace.slug}/leads/{lead.pk}"' in page


@pytest.mark.skipif(connection.vendor == "sqlite", reason="plans are PostgreSQL's")
@pytest.mark.parametrize(
    ("table", "query"),
    [
        *itertools.product(TABLES, ["q=07912+345678", f"q={uuid.UUID(int=0)}", "workspace"]),
        ("workspaces/logentry", "q=a-request-id"),
        ("leads/call", "q=an-id-of-vapi"),
    ],
)
def test_staff_s_list_starts_at_an_index(sandbox, table, query):
    cast = make_cast(sandbox, default_country="GB")
    seeding.seed(cast.workspace, leads=50, rows=100, days=5, now=timezone.now())
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(make_user(is_staff=True, is_superuser=True))
    query = query.replace("workspace", f"workspace__id__exact={cast.workspace.pk}")

    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/admin/{table}/?{query}").status_code == 200

    assert_indexed(queries)
