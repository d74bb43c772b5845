"""A lead that is submitted again: what is new is kept, and the answer is what it always was."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leads.erasure import erase_leads
from leads.intake import later
from leads.models import MOST_LATER, LaterSubmission
from tests.client import Api
from tests.factories import make_cast, make_lead, make_phone

FIRST = {"name": "Jane Doe", "goal": "Run 5 km", "formResponses": {"How often?": "Twice a week"}}


@pytest.fixture
def paused(sandbox):
    return make_cast(sandbox, is_paused=True)


@pytest.fixture
def phone(paused, web):
    """The phone of a lead."""
    phone = make_phone()
    assert Api(web.base_url, paused.key).submit(phone=phone, **FIRST).status_code == 201
    return phone


@pytest.fixture
def again(paused, phone, web):
    """Return a function that submits the lead's phone again."""
    api = Api(web.base_url, paused.key)
    return lambda **fields: api.submit(phone=phone, **{**FIRST, **fields})


def kept(cast) -> list[LaterSubmission]:
    return list(LaterSubmission.objects.filter(lead__workspace=cast.workspace).order_by("place"))


def test_what_is_new_is_kept_with_where_it_came_from(paused, again):
    answers = {"How often?": "Every day", "b longer question": "1", "a": "2"}

    response = again(goal="Run 10 km", formResponses=answers)

    [row] = kept(paused)
    assert (row.name, row.email, row.goal, row.metadata) == ("", "", "Run 10 km", {})
    assert row.answers == list(answers.items())
    assert row.source.startswith("api_key:") and row.address == "127.0.0.1"
    assert row.request_id == response.headers["X-Request-Id"]


def test_answer_is_the_same_with_and_without_news(again, paused):
    repeated, new = again(), again(goal="Run 10 km")

    assert (repeated.status_code, new.status_code) == (409, 409)
    assert repeated.json() | {"requestId": ""} == new.json() | {"requestId": ""}
    assert repeated.headers["Location"] == new.headers["Location"]


def test_what_was_said_already_is_not_kept_again(paused, again):
    for _ in range(2):
        again()
        again(goal="Run 10 km")
        again(goal="Run 10 km", email="jane@acme.com")

    assert [(row.goal, row.email) for row in kept(paused)] == [
        ("Run 10 km", ""),
        ("Run 10 km", "jane@acme.com"),
    ]


def test_only_so_many_are_kept(paused, again):
    for number in range(MOST_LATER + 3):
        assert again(goal=f"Run {number} miles").status_code == 409

    assert [row.goal for row in kept(paused)] == [f"Run {n} miles" for n in range(MOST_LATER)]


def test_they_are_erased_with_their_lead(paused, again):
    again(goal="Run 10 km", email="jane@acme.com")

    erase_leads(paused.workspace, [paused.workspace.leads.get().pk])

    assert kept(paused) == []
    assert "acme" not in str(list(paused.workspace.log.values()))


def test_repetition_asks_the_database_no_more_than_before_and_news_six_times(paused, phone):
    client = Client(headers={"Authorization": f"Bearer {paused.key}", "Host": "127.0.0.1"})
    body = {**FIRST, "phone": phone, "consent": True}
    counts = []
    for sent in (body, body, {**body, "goal": "Run 10 km"}):
        with CaptureQueriesContext(connection) as queries:
            client.post("/api/public/leads", sent, content_type="application/json")
        counts.append(len(queries))

    # What there is, then a transaction: the news, the lead that moves up, and the notice.
    assert counts[2] == counts[1] + 6


def test_news_of_a_lead_that_was_deleted_meanwhile_is_nobodys(paused):
    lead = make_lead(paused.workspace)
    gone = paused.workspace.leads.get(pk=lead.pk)
    lead.delete()

    is_kept = later.keep_news(gone, submission_of(gone), origin())

    assert (is_kept, kept(paused)) == (False, [])


def submission_of(lead):
    return later.Submission(name=lead.name, phone=lead.phone, goal="Run 10 km")


def origin():
    return later.Origin(source="api_key:1a2b3c4d", address=None, request_id="test")
