"""The queue of leads that wait for a person."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leads.models import Lead
from tests.dashboard import text_of
from tests.factories import make_lead, make_user

NOW = datetime.now(UTC)
TODAY = date.today()

# What keeps the agent from its work is counted in the frame of every page: test_troubles.
OF_THE_NOTICE = 20


@pytest.fixture
def member(cast):
    return make_user(cast.workspace)


@pytest.fixture
def queue(cast):
    return f"/admin/{cast.workspace.slug}/waiting"


def make_waiting(workspace, name, **fields):
    return make_lead(workspace, name=name, **{"status": "needs_human", **fields})


def shown(answer, *names) -> list[str]:
    """Return those of some names that a page shows, in its order."""
    text = text_of(answer)
    return sorted((name for name in names if name in text), key=text.index)


def test_empty_queue_says_that_nobody_waits(visit, member, queue):
    text = text_of(visit(member).get(queue))

    assert "Nobody waits here" in text and "There is nothing to do now." in text


def test_parts_are_mine_nobodys_and_all(visit, cast, member, queue):
    mine, theirs = member.memberships.get(), make_user(cast.workspace).memberships.get()
    make_waiting(cast.workspace, "Ada", owner=mine)
    make_waiting(cast.workspace, "Ben", owner=theirs)
    make_waiting(cast.workspace, "Cleo")
    make_lead(cast.workspace, name="Dan", owner=mine)
    visitor, names = visit(member), ("Ada", "Ben", "Cleo", "Dan")

    parts = [shown(visitor.get(queue, whose=part), *names) for part in ("mine", "nobody", "all")]

    assert parts == [["Ada"], ["Cleo"], ["Ada", "Ben", "Cleo"]]
    assert shown(visitor.get(queue), *names) == ["Ada"]  # it begins with what is there


def test_who_has_waited_the_longest_comes_first_with_the_reason(visit, cast, member, queue):
    reasons = {"Ada": "agent_escalated", "Ben": "booking_failed", "Cleo": ""}
    for days, (name, reason) in enumerate(reasons.items()):
        since = NOW - timedelta(days=days)
        make_waiting(cast.workspace, name, status_reason=reason, status_at=since)

    answer = visit(member).get(queue, whose="all")

    assert shown(answer, *reasons) == ["Cleo", "Ben", "Ada"]
    for words in (
        "The agent asked for a person.",
        "The appointment could not be booked.",
        "A person is needed.",
    ):
        assert words in text_of(answer)


def test_queue_tells_what_the_agent_noted_but_no_answer_of_calcom(visit, cast, member, queue):
    for name, reason in {"Ada": "agent_escalated", "Ben": "calendar_refused"}.items():
        notes = f'{{"said of": "{name}"}}'
        make_waiting(cast.workspace, name, status_reason=reason, qualification_notes=notes)

    text = text_of(visit(member).get(queue, whose="all"))

    assert "said of&quot;: &quot;Ada" in text and "said of&quot;: &quot;Ben" not in text
    assert "Cal.com refused to give times." in text


def test_lead_leaves_until_its_next_step_is_due(visit, cast, member, queue):
    step = {"next_step": "Send the offer"}
    make_waiting(cast.workspace, "Ada", **step, next_step_on=TODAY + timedelta(days=2))
    make_lead(cast.workspace, name="Ben", **step, next_step_on=TODAY - timedelta(days=2))

    answer = visit(member).get(queue, whose="all")

    assert shown(answer, "Ada", "Ben") == ["Ben"]
    assert "Next step: Send the offer" in text_of(answer) and "Step done" in text_of(answer)


def test_closed_and_unaccepted_leads_do_not_wait(visit, cast, member, queue):
    make_waiting(cast.workspace, "Ada", closed_as="won", closed_at=NOW)
    make_waiting(cast.workspace, "Ben", accepted_at=None)

    assert shown(visit(member).get(queue, whose="all"), "Ada", "Ben") == []


def test_deeds_of_the_queue_lead_back_to_its_part(visit, cast, member, queue):
    lead, place = make_waiting(cast.workspace, "Ada"), member.memberships.get()
    visitor, page = visit(member), f"/admin/{cast.workspace.slug}/leads/{lead.pk}"

    answers = [
        visitor.post(f"{page}/take-over", whose="nobody", seen_owner=""),
        visitor.post(f"{page}/assign", whose="nobody", owner=str(place.pk)),
        visitor.post(f"{page}/close", whose="nobody", closed_as="won"),
        visitor.post(f"{page}/reopen", whose="https://evil.example"),
    ]

    assert [answer.headers["Location"] for answer in answers] == [f"{queue}?whose=nobody"] * 3 + [
        page
    ]


def test_every_page_counts_what_is_mine_or_nobodys(visit, cast, member):
    theirs = make_user(cast.workspace).memberships.get()
    for owner in (member.memberships.get(), None, theirs):
        make_waiting(cast.workspace, "Ada", owner=owner)

    page = visit(member).get(f"/admin/{cast.workspace.slug}/logs").text

    assert '<span class="count">2<span class="visually-hidden"> leads</span></span>' in page


def test_long_queue_shows_its_beginning_and_says_how_many_follow(cast, queue):
    user = make_user(cast.workspace)
    lead = make_waiting(cast.workspace, "Lead")
    fields = {name: getattr(lead, name) for name in ("channel", "consent_at", "accepted_at")}
    Lead.objects.bulk_create(
        Lead(
            workspace=cast.workspace,
            name="Lead",
            status="needs_human",
            phone=f"+4479000{number:05}",
            **fields,
        )
        for number in range(499)
    )
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(user)

    with CaptureQueriesContext(connection) as queries:
        page = client.get(queue, {"whose": "all"}).content.decode()

    assert page.count('<li class="queue-row">') == 25 and "475 more wait." in page
    assert len(queries) <= 8 + OF_THE_NOTICE
    assert len(page) < 85_000
