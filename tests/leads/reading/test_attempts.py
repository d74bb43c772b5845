"""How many attempts it takes to reach leads, on the overview."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from leads.reading.overview import attempts
from leads.reading.overview.days import chosen
from tests.dashboard import text_of
from tests.factories import make_call, make_lead, make_user

YESTERDAY = datetime.combine(timezone.now().date() - timedelta(days=1), datetime.min.time(), UTC)
DAYS = chosen("30", timezone.localdate())
NOBODY, PERSON = "customer-did-not-answer", "customer-ended-call"


@pytest.fixture
def workspace(cast):
    return cast.workspace


def called(lead, *reasons, at=YESTERDAY):
    """Let a lead be called once an hour, each call ending for a reason."""
    for number, reason in enumerate(reasons):
        make_call(
            lead,
            used_budget=True,
            ended_reason=reason,
            told={"ended_reason": reason, "hung_up_at": "x"},
            created_at=at + timedelta(hours=number),
        )


def figures(rows) -> list:
    return [(row.label, row.made, row.reached) for row in rows]


def test_attempts_are_counted_by_number_and_hour_of_the_lead_s_day(workspace):
    called(make_lead(workspace, phone="+442079460958"), PERSON)
    called(make_lead(workspace, timezone="Asia/Kathmandu"), NOBODY, PERSON)
    called(make_lead(workspace, timezone="Asia/Kathmandu"), NOBODY, "voicemail", NOBODY)

    counted = attempts.count(workspace, DAYS)

    london = (YESTERDAY + timedelta(hours=0)).astimezone(UTC).hour
    assert figures(counted.by_attempt) == [("1", 3, 1), ("2", 2, 1), ("3", 1, 0)]
    assert (counted.made, counted.leads, counted.leads_reached) == (6, 3, 2)
    assert counted.per_lead_reached == 3.0
    hours = {row.label: (row.made, row.reached) for row in counted.by_hour}
    assert hours["05:00"] == (2, 0) and hours["06:00"] == (2, 1) and hours["07:00"] == (1, 0)
    assert sum(made for made, _ in hours.values()) == 6 and london == 0


def test_what_says_nothing_about_reaching_leads_is_left_out(workspace):
    lead = make_lead(workspace)
    called(lead, NOBODY, PERSON, PERSON)  # the last was made by hand, after the lead was reached
    called(make_lead(workspace, is_test=True), PERSON)
    called(make_lead(workspace), PERSON, at=YESTERDAY - timedelta(days=40))
    make_call(make_lead(workspace), used_budget=False)
    make_call(make_lead(workspace), used_budget=None, ended_reason=PERSON)

    counted = attempts.count(workspace, DAYS)

    assert figures(counted.by_attempt) == [("1", 1, 0), ("2", 1, 1)]


def test_the_overview_shows_each_figure_with_its_base(workspace, visit):
    for reasons in ((PERSON,), (NOBODY, PERSON), (NOBODY,)):
        called(make_lead(workspace), *reasons)

    text = text_of(visit(make_user(workspace)).get(f"/admin/{workspace.slug}/"))

    assert (
        "2.0 attempts for each lead reached: 4 attempts to 3 leads, of whom 2 were reached" in text
    )
    assert "Attempt Made Reached Share 1 3 1 too few 2 1 1 too few" in text
    assert "All attempts of these days" in text


def test_without_an_attempt_nothing_is_shown(workspace, visit):
    make_lead(workspace)

    text = text_of(visit(make_user(workspace)).get(f"/admin/{workspace.slug}/"))

    assert "Attempts to reach leads" not in text


def test_of_many_the_latest_are_looked_at_and_that_is_said(workspace, visit, monkeypatch):
    monkeypatch.setattr(attempts, "SAMPLE", 3)
    called(make_lead(workspace), *[NOBODY] * 5)

    counted = attempts.count(workspace, DAYS)

    assert figures(counted.by_attempt) == [("3", 1, 0), ("4", 1, 0), ("5", 1, 0)]
    assert counted.is_sample
