"""The list of leads: tabs, orders, filters by outcome, source and named days, counts."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from leads.contact.planned import steps
from leads.reading.listed import counts
from tests.dashboard import text_of
from tests.factories import make_call, make_cast, make_lead, make_user
from tests.vapi_messages import Reporter
from workspaces.log import record

NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def worked(sandbox):
    """A workspace whose leads stand in all stages, each made a day before the one above it."""
    workspace = make_cast(sandbox).workspace
    rows = {
        "Ada": {"status": "booked", "last_outcome": "talked"},
        "bea": {"status": "booked", "closed_as": "won", "closed_at": NOW},
        "Cleo": {"unreached_at": NOW, "last_outcome": "voicemail", "came_by": "form"},
        "Dan": {"unreached_at": NOW, "closed_as": "lost", "closed_at": NOW},
        "Eva": {"status": "needs_human", "last_active_at": NOW + DAY},
        "Fay": {"next_step": "Write", "next_step_on": (NOW - DAY).date()},
        "Gil": {"next_step": "Ask", "next_step_on": (NOW + 9 * DAY).date()},
        "Hal": {"metadata": {"utm_source": "spring"}, "last_outcome": "busy"},
    }
    for age, (name, fields) in enumerate(rows.items()):
        lead = make_lead(workspace, name=name, created_at=NOW - age * DAY, **fields)
        if name in ("Hal", "Cleo"):
            steps.plan(lead, "attempt", NOW + timedelta(hours=len(name)))
    return workspace


@pytest.fixture
def names(worked, visit):
    """Return a function from a query to the names that the list shows, in their order."""
    visitor = visit(make_user(worked))

    def shown(**query) -> str:
        page = visitor.get(f"/admin/{worked.slug}/leads", **query).text
        return " ".join(re.findall(r"<bdi>(\w+)</bdi></a>", page))

    return shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "Ada bea Cleo Dan Eva Fay Gil Hal"),
        ({"tab": "all"}, "Ada bea Cleo Dan Eva Fay Gil Hal"),
        ({"tab": "to_do"}, "Eva Fay"),
        ({"tab": "booked"}, "Ada"),
        ({"tab": "not_reached"}, "Cleo"),
        ({"tab": "closed"}, "bea Dan"),
        ({"sort": "name"}, "Ada bea Cleo Dan Eva Fay Gil Hal"),
        ({"sort": "active"}, "Eva Ada bea Cleo Dan Fay Gil Hal"),
        ({"sort": "next_call"}, "Hal Cleo"),
        ({"sort": "next_step"}, "Fay Gil"),
        ({"outcome": "voicemail"}, "Cleo"),
        ({"outcome": "never"}, "bea Dan Eva Fay Gil"),
        ({"source": "spring"}, "Hal"),
        ({"source": "form"}, "Cleo"),
        ({"when": "today"}, "Ada"),
        ({"when": "yesterday"}, "bea"),
        ({"when": "7"}, "Ada bea Cleo Dan Eva Fay Gil"),
        ({"when": "30", "tab": "closed"}, "bea Dan"),
        ({"tab": "to_do", "text": "eva"}, "Eva"),
        ({"sort": "name", "outcome": "never", "text": "gil"}, "Gil"),
    ],
)
def test_tabs_orders_and_filters_show_these_leads(names, query, found):
    assert names(**query) == found


def test_span_this_month_begins_on_its_first_day(cast, visit):
    first = timezone.now().replace(day=1, hour=0, minute=30)
    make_lead(cast.workspace, name="Inside", created_at=first)
    make_lead(cast.workspace, name="Before", created_at=first - timedelta(hours=1))

    page = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads", when="month")

    assert ("Inside" in page.text, "Before" in page.text) == (True, False)


def test_days_by_name_are_those_of_the_workspaces_zone(cast, visit):
    cast.workspace.time_zone = "Pacific/Kiritimati"
    cast.workspace.save()
    there = timezone.now().astimezone(ZoneInfo("Pacific/Kiritimati"))
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
    make_lead(cast.workspace, name="Early", created_at=midnight)
    make_lead(cast.workspace, name="Late", created_at=midnight - timedelta(minutes=1))

    page = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads", when="today")

    assert ("Early" in page.text, "Late" in page.text) == (True, False)


@pytest.mark.parametrize("page", ["leads", "logs"])
def test_from_after_to_is_said_in_words(worked, visit, page):
    answer = visit(make_user(worked)).get(
        f"/admin/{worked.slug}/{page}", since="2026-11-10", until="2026-11-09"
    )

    assert answer.status_code == 200
    assert "This day is before the one in “From”. Swap the two." in text_of(answer)
    assert "Ada" not in answer.text


@pytest.mark.parametrize("sort", ["name", "active", "next_call", "next_step"])
def test_pages_of_every_order_hold_every_lead_once_in_both_directions(cast, visit, sort):
    same = {"name": "Same", "next_step": "Ask", "next_step_on": NOW.date(), "last_active_at": NOW}
    leads = [make_lead(cast.workspace, **same) for _ in range(110)]
    for lead in leads:
        steps.plan(lead, "attempt", NOW)
    visitor, path = visit(make_user(cast.workspace)), f"/admin/{cast.workspace.slug}/leads"

    forth, last = walk(visitor, f"{path}?sort={sort}", "next")
    back, _ = walk(visitor, last, "prev")

    assert [len(page) for page in forth] == [50, 50, 10]
    assert {lead for page in forth for lead in page} == {str(lead.pk) for lead in leads}
    assert back[1:] == forth[-2::-1]


def walk(visitor, path: str, rel: str):
    """Follow the links to the pages on one side. Return the ids on each, and the last path."""
    pages = []
    while True:
        html = visitor.get(path).text
        pages.append(re.findall(r'name="lead" value="([^"]+)"', html))
        link = re.search(rf'href="([^"]+)" rel="{rel}"', html)
        if not link:
            return pages, path
        path = path.partition("?")[0] + link[1].replace("&amp;", "&")


def test_tabs_and_list_are_counted(worked, visit):
    page = text_of(visit(make_user(worked)).get(f"/admin/{worked.slug}/leads", tab="closed"))

    assert "To do 2 Booked 1 Not reached 1 Closed 2 All 8" in page
    assert "2 leads Name" in page or "2 leads Select all" in page


def test_more_than_can_be_counted_quickly_is_said_so(cast):
    for _ in range(4):
        make_lead(cast.workspace)

    exact = counts.count(cast.workspace.leads.all(), most=4)
    more = counts.count(cast.workspace.leads.all(), most=3)

    assert (exact.words, exact.text) == ("4 leads", "4")
    assert (more.words, more.text) == ("More than 3 leads", "3+")


def test_lead_knows_the_leads_beside_it_in_its_list(worked, visit):
    visitor, path = visit(make_user(worked)), f"/admin/{worked.slug}/leads"
    ids = {lead.name: lead.pk for lead in worked.leads.all()}

    page = visitor.get(f"{path}/{ids['Cleo']}", tab="all", sort="name").text
    alone = visitor.get(f"{path}/{ids['Cleo']}").text

    assert f'{path}/{ids["bea"]}?tab=all&amp;sort=name" rel="prev"' in page
    assert f'{path}/{ids["Dan"]}?tab=all&amp;sort=name" rel="next"' in page
    assert f'href="{path}?tab=all&amp;sort=name" data-hotkey="u"' in page
    assert 'rel="next"' not in alone


def test_what_is_done_on_a_leads_page_leads_back_to_its_list(cast, visit):
    lead = make_lead(cast.workspace)
    visitor = visit(make_user(cast.workspace))
    page = f"/admin/{cast.workspace.slug}/leads/{lead.pk}"
    visitor.session.headers["Referer"] = f"{visitor.base_url}{page}?tab=to_do&sort=name"

    answer = visitor.post(f"{page}/notes", text="Called")

    assert answer.headers["Location"] == f"{page}?tab=to_do&sort=name"


def test_call_that_is_over_is_the_leads_last_outcome_and_activity(web, cast, api):
    lead_id = api.submit().json()["leadId"]
    call = cast.workspace.calls.get(lead=lead_id)

    Reporter(web.base_url, cast.workspace).report({"id": call.vapi_call_id}, "customer-busy")

    lead = cast.workspace.leads.get(pk=lead_id)
    assert (lead.last_outcome, lead.last_active_at is not None) == ("busy", True)


def test_list_that_is_watched_is_given_anew_once_something_was_logged(cast, visit):
    make_lead(cast.workspace, name="Early Bird")
    visitor, path = visit(make_user(cast.workspace)), f"/admin/{cast.workspace.slug}/leads"
    version = re.search(r'data-version="([^"]+)"', visitor.get(path, sort="name").text)[1]
    assert visitor.get(f"{path}/changes", sort="name", version=version).status_code == 204

    make_lead(cast.workspace, name="Late Riser")
    record.row(
        workspace_id=cast.workspace.pk,
        kind="api_request",
        code="test",
        action="test",
        outcome="succeeded",
    )
    fresh = visitor.get(f"{path}/changes", sort="name", version=version)

    assert "Late Riser" in fresh.text and "<html" not in fresh.text
    assert f'data-live="{path}/changes?sort=name"' in fresh.text


def test_row_tells_outcome_end_and_next_step(cast, visit):
    lead = make_lead(
        cast.workspace,
        **{"closed_as": "not_now", "closed_at": NOW, "last_outcome": "voicemail"},
    )
    make_call(lead, ended_reason="voicemail")
    on = datetime(2030, 1, 3, tzinfo=UTC).date()
    make_lead(cast.workspace, next_step="Send the offer", next_step_on=on)

    page = text_of(visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads"))

    assert "Not now" in page and "Voicemail" in page and "Send the offer , 3 Jan" in page
