"""Attempts in the list of leads, what comes next as its filter, and both in its export."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.contact.planned import steps
from leads.reading import lists
from tests.dashboard import text_of
from tests.factories import make_call, make_cast, make_lead, make_user

NOW = timezone.now()
AT = datetime(2030, 1, 3, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def followed(sandbox):
    """A workspace with a plan, and a lead of each kind of what comes next."""
    workspace = make_cast(sandbox, follow_up_plan="standard").workspace
    planned = make_lead(workspace, name="Planned Paula")
    for _ in range(2):
        make_call(planned, used_budget=True, ended_reason="customer-did-not-answer")
    make_call(planned, used_budget=False, ended_reason="call.start.error-vapifault-get-org")
    steps.plan(planned, "attempt", AT)
    full = make_lead(workspace, name="Full Fred")
    make_call(full, used_budget=False)
    steps.plan(full, "retry", AT, held_because="lines_full")
    make_lead(workspace, name="Paused Pia", held_because="paused")
    later = make_lead(workspace, name="Later Liam", held_because="calling_hours")
    steps.plan(later, "first", AT, held_because="daily_limit")
    over = make_lead(workspace, name="Over Otto", unreached_at=NOW)
    for _ in range(6):
        make_call(over, used_budget=True)
    make_call(make_lead(workspace, name="Talked Tom", status="in_conversation"), used_budget=True)
    return workspace


NAMES = ("Planned Paula", "Full Fred", "Paused Pia", "Later Liam", "Over Otto", "Talked Tom")


def path_of(workspace) -> str:
    return f"/admin/{workspace.slug}/leads"


@pytest.mark.parametrize(
    "next, found",
    [
        ("planned", {"Planned"}),
        ("held", {"Full", "Paused", "Later"}),
        ("held:lines_full", {"Full"}),
        ("held:paused", {"Paused"}),
        ("held:daily_limit", {"Later"}),
        ("held:calling_hours", set()),
        ("not_reached", {"Over"}),
        ("none", {"Talked"}),
        ("", {name.split()[0] for name in NAMES}),
    ],
)
@pytest.mark.parametrize("few", [1_000, 1])
def test_leads_are_found_by_what_comes_next(followed, monkeypatch, next, found, few):
    monkeypatch.setattr(lists, "FEW", few)

    leads = lists.leads(followed, next=next)

    assert {lead.name.split()[0] for lead in leads} == found


def test_the_filter_is_on_the_page(followed, visit):
    page = text_of(visit(make_user(followed)).get(path_of(followed), next="held:lines_full"))

    assert [name for name in NAMES if name in page] == ["Full Fred"]
    assert "Held: all lines taken" in page


def test_what_is_no_filter_finds_nobody_and_is_said(followed, visit):
    page = text_of(visit(make_user(followed)).get(path_of(followed), next="tomorrow"))

    assert not [name for name in NAMES if name in page]
    assert "tomorrow is not one of the available choices" in page


def test_each_row_says_attempts_and_what_comes_next(followed, visit):
    page = text_of(visit(make_user(followed)).get(path_of(followed)))

    assert "2 of 6 , next 3 Jan 10:30" in page
    assert "0 of 6 , held: all lines taken" in page
    assert "0 of 6 , held: agent paused" in page
    assert "6 of 6 , not reached" in page


def test_an_attempt_within_the_week_is_said_by_its_day(cast, visit):
    cast.workspace.follow_up_plan = "1d"
    cast.workspace.time_zone = "Asia/Kathmandu"
    cast.workspace.save()
    lead = make_lead(cast.workspace)
    steps.plan(lead, "attempt", timezone.now() + timedelta(days=2))
    there = timezone.now() + timedelta(days=2, hours=5, minutes=45)

    page = text_of(visit(make_user(cast.workspace)).get(path_of(cast.workspace)))

    assert f"0 of 2 , next {there:%a %H:%M}" in page


def test_without_a_plan_a_called_lead_has_none(cast, visit):
    make_call(make_lead(cast.workspace), used_budget=True)

    assert "1 of 1" not in text_of(visit(make_user(cast.workspace)).get(path_of(cast.workspace)))


def test_more_leads_are_no_more_queries(cast):
    cast.workspace.follow_up_plan = "standard"
    cast.workspace.save()
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(make_user(cast.workspace))
    numbers = []
    for _ in range(2):
        for _ in range(10):
            lead = make_lead(cast.workspace)
            make_call(lead, used_budget=True)
            steps.plan(lead, "attempt", AT)
        client.get(path_of(cast.workspace))  # the notice is looked at now and then
        with CaptureQueriesContext(connection) as queries:
            client.get(path_of(cast.workspace))
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_the_export_has_them_too(followed, visit):
    answer = visit(make_user(followed)).get(f"{path_of(followed)}/export")

    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    told = {
        row["name"]: (
            row["attempts_made"],
            row["attempts_planned"],
            row["next_attempt_at"],
            row["held_because"],
        )
        for row in rows
    }
    assert told["Planned Paula"] == ("2", "6", "2030-01-03T10:30:00+00:00", "")
    assert told["Full Fred"] == ("0", "6", "", "lines_full")
    assert told["Paused Pia"] == ("0", "6", "", "paused")
    assert told["Over Otto"] == ("6", "6", "", "")
