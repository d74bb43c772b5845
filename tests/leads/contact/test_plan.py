"""What a follow-up plan says, and when its next attempt is due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leads.contact.planned import plan
from workspaces.settings import calling_hours, follow_up_plan

LATER = calling_hours.parse("mon-fri 09:00-20:00, sat 10:00-17:00")
LONDON = (ZoneInfo("Europe/London"),)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "said, attempts, first",
    [
        ("", 1, None),
        ("gentle", 3, timedelta(hours=4)),
        ("standard", 6, timedelta(minutes=45)),
        ("1s", 2, timedelta(seconds=1)),
        (" 90m , 2D ", 3, timedelta(minutes=90)),
        ("1m,1m,1m,1m,1m,1m,1m,1m", 9, timedelta(minutes=1)),
    ],
)
def test_plan_is_what_the_setting_says(said, attempts, first):
    read = follow_up_plan.parse(said)

    assert (read.attempts, read.gaps[0] if read.gaps else None) == (attempts, first)


@pytest.mark.parametrize(
    "said, told",
    [
        ("often", "'often' is no gap"),
        ("0m", "'0m' is no gap"),
        ("45", "'45' is no gap"),
        ("45m,,1d", "'Nothing' is no gap"),
        ("1m,1m,1m,1m,1m,1m,1m,1m,1m", "at most 8 gaps, and these are 9"),
        ("91d", "longer than 90 days"),
        ("999999h", "longer than 90 days"),
    ],
)
def test_what_is_no_plan_is_refused(said, told):
    with pytest.raises(follow_up_plan.BadPlan, match=told):
        follow_up_plan.parse(said)


@pytest.mark.parametrize(
    "gap, since, expected",
    [
        # Under a day it is exact, whatever the hour: the gate holds what is due at night.
        ({"minutes": 45}, "2026-11-26T22:00", "2026-11-26T22:45"),
        ({"hours": 23}, "2026-11-26T10:00", "2026-11-27T09:00"),
        # From a day on it is the other half of the day.
        ({"days": 1}, "2026-11-26T10:00", "2026-11-27T13:00"),
        ({"days": 1}, "2026-11-26T12:59", "2026-11-27T13:00"),
        ({"days": 1}, "2026-11-26T13:00", "2026-11-27T09:00"),
        ({"days": 1}, "2026-11-26T19:00", "2026-11-27T09:00"),
        # ... within the hours.
        ({"days": 1}, "2026-11-27T19:00", "2026-11-28T10:00"),
        ({"days": 1}, "2026-11-28T11:00", "2026-11-30T13:00"),
        ({"days": 3}, "2026-11-26T10:00", "2026-11-30T13:00"),
        # ... by the lead's calendar, over the days on which clocks are changed.
        ({"days": 1}, "2026-03-27T10:00", "2026-03-28T13:00"),
        ({"days": 3}, "2026-03-27T10:00", "2026-03-30T12:00"),
        ({"days": 2}, "2026-10-24T12:30", "2026-10-26T09:00"),
    ],
)
def test_next_attempt_is_due(gap, since, expected):
    due = plan.due(timedelta(**gap), since=moment(since), allowed=LATER, zones=LONDON)

    assert due == moment(expected)


def test_where_only_mornings_are_allowed_the_next_attempt_is_in_the_morning():
    mornings = calling_hours.parse("mon-sun 09:00-12:00")

    due = plan.due(
        timedelta(days=1), since=moment("2026-11-26T10:00"), allowed=mornings, zones=LONDON
    )

    assert due == moment("2026-11-27T10:00")
