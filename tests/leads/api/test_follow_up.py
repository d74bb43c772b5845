"""What GET tells of further attempts, and the time zone of a submission."""

from datetime import UTC, datetime

import pytest

from leads.contact.planned import steps
from leads.models import Lead
from tests.factories import make_call, make_lead

DUE = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def told(api):
    """Return a function that reads the followUp of a lead."""
    return lambda lead: api.read(lead.pk).json()["followUp"]


def test_a_lead_that_is_called_without_a_plan_has_none(api):
    lead_id = api.submit().json()["leadId"]

    assert api.read(lead_id).json()["followUp"] is None


def test_an_attempt_that_is_planned_is_told(cast, told):
    cast.workspace.follow_up_plan = "standard"
    cast.workspace.save()
    lead = make_lead(cast.workspace)
    make_call(lead, used_budget=True)
    make_call(lead, used_budget=False)
    steps.plan(lead, "attempt", DUE)

    assert told(lead) == {
        "attemptsMade": 1,
        "attemptsPlanned": 6,
        "nextAttemptAt": "2026-12-01T09:30:00.000Z",
        "heldBecause": None,
    }


def test_a_lead_that_is_held_tells_why_and_until_when(cast, told):
    lead = make_lead(cast.workspace, held_because="calling_hours")
    steps.plan(lead, "first", DUE, held_because="calling_hours")

    assert told(lead) == {
        "attemptsMade": 0,
        "attemptsPlanned": 1,
        "nextAttemptAt": "2026-12-01T09:30:00.000Z",
        "heldBecause": "calling_hours",
    }


def test_a_plan_that_is_over_stays(cast, told):
    cast.workspace.follow_up_plan = "1h"
    cast.workspace.save()
    lead = make_lead(cast.workspace)
    for _ in range(2):
        make_call(lead, used_budget=True)

    assert told(lead) == {
        "attemptsMade": 2,
        "attemptsPlanned": 2,
        "nextAttemptAt": None,
        "heldBecause": None,
    }


@pytest.mark.parametrize(
    "body, kept",
    [
        ({"timezone": "Asia/Tokyo"}, "Asia/Tokyo"),
        ({"metadata": {"timezone": "Asia/Tokyo"}}, "Asia/Tokyo"),
        ({"timezone": "Asia/Tokyo", "metadata": {"timezone": "UTC"}}, "Asia/Tokyo"),
        ({"timezone": "", "metadata": {"timezone": "UTC"}}, "UTC"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"timezone": 7}, ""),
        ({"timezone": ["UTC"], "metadata": {"timezone": {}}}, ""),
        ({"timezone": None}, ""),
    ],
)
def test_the_time_zone_of_a_submission_is_kept_and_never_loses_a_lead(api, body, kept):
    answer = api.submit(**body)

    assert answer.status_code == 201
    assert Lead.objects.get(pk=answer.json()["leadId"]).timezone == kept
