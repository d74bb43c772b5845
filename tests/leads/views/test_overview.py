"""The overview: figures, causes, and the steps to the first lead."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.dashboard import text_of
from tests.factories import make_lead, make_phone, make_user, make_workspace


def overview(visit, workspace) -> str:
    return text_of(visit(make_user(workspace)).get(f"/admin/{workspace.slug}/"))


def test_empty_workspace_shows_the_steps_and_a_ready_curl(visit):
    text = overview(visit, make_workspace())

    assert "First steps 5 of 5 are left." in text
    assert "/api/public/leads" in text and "Enter the account" in text


def test_leads_are_counted_by_status_and_age(cast, visit):
    now = timezone.now()
    for days, status in ((0, "booked"), (0, "new"), (5, "booked"), (20, "booked"), (40, "new")):
        make_lead(cast.workspace, status=status, created_at=now - timedelta(days=days))

    text = overview(visit, cast.workspace)

    assert "Booked 1 2 3" in text
    assert "New 1 1 1" in text
    assert "All leads 2 3 4" in text


def test_calls_failures_and_their_causes_are_told(cast, api, visit):
    api.submit()
    for ending in ("41", "41", "45"):
        api.submit(phone=make_phone(ending))

    text = overview(visit, cast.workspace)

    assert "Calls placed 1 1 1" in text
    assert "Calls that could not be placed 3 3 3" in text
    assert "2 calls could not be placed since" in text and "The assistant does not exist" in text
    assert "1 call could not be placed" in text and "The Vapi account has no credit" in text
    assert "in the median of the latest 1 call" in text


def test_leads_that_need_a_human_are_named(cast, visit):
    make_lead(cast.workspace, name="Help Wanted", status="needs_human")

    assert "Help Wanted" in overview(visit, cast.workspace)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("Asia/Calcutta", 5.5),
        ("America/Buenos_Aires", -3),
        ("Asia/Saigon", 7),
        ("Asia/Kathmandu", 5.75),
        ("Pacific/Kiritimati", 14),
    ],
)
def test_days_are_cut_in_the_browser_s_zone_without_its_name_in_sql(cast, zone, hours):
    """Debian's PostgreSQL knows no older names of zones, which browsers go on using."""
    now = timezone.now()
    midnight = (now + timedelta(hours=hours)).replace(hour=0, minute=0, second=0, microsecond=0)
    midnight -= timedelta(hours=hours)
    make_lead(cast.workspace, created_at=midnight - timedelta(minutes=1))
    make_lead(cast.workspace, created_at=midnight + timedelta(seconds=1))
    user = make_user(cast.workspace)
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(user)
    client.cookies["time_zone"] = zone

    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/admin/{cast.workspace.slug}/")

    assert "All leads 1 2 2" in text_of(page)
    assert zone not in "".join(query["sql"] for query in queries)
