"""The follow-up in words, as its settings are saved."""

from datetime import timedelta

import pytest

from tests.dashboard import text_of
from tests.factories import make_user
from workspaces.models import Workspace
from workspaces.settings import calling_hours, follow_up_plan, in_words


@pytest.mark.parametrize(
    "plan, said",
    [
        ("standard", "45 minutes, 3 hours, 1, 3 and 6 days"),
        ("gentle", "4 hours and 1 day"),
        ("1s", "1 second"),
        ("90m", "90 minutes"),
        ("60m,120m", "1 and 2 hours"),
        ("24h,1d,2d", "1, 1 and 2 days"),
        ("5m,10m,1h,2h", "5, 10 minutes, 1 and 2 hours"),
    ],
)
def test_gaps_are_said_as_people_do(plan, said):
    assert in_words.spoken(follow_up_plan.parse(plan).gaps) == said


@pytest.mark.parametrize(
    "hours, said",
    [
        ("always", "at any time"),
        ("mon-sun 00:00-24:00", "at any time"),
        (calling_hours.LATER, "Mon-Fri 09:00-20:00, Sat 10:00-17:00"),
        ("sat 10:00-24:00, mon 09:00-12:00", "Mon 09:00-12:00, Sat 10:00-24:00"),
        ("mon-fri 14:00-20:00,mon-fri 09:00-12:00", "Mon-Fri 09:00-12:00, Mon-Fri 14:00-20:00"),
        ("mon 09:00-10:00, wed-thu 09:00-10:00", "Mon 09:00-10:00, Wed-Thu 09:00-10:00"),
    ],
)
def test_hours_are_said_as_people_do(hours, said):
    assert in_words.hours(calling_hours.parse(hours)) == said


def test_the_whole_plan_is_said():
    workspace = Workspace(follow_up_plan="standard", days_off="2026-12-25")

    assert in_words.follow_up(workspace) == [
        "At once, then 45 minutes, 3 hours, 1, 3 and 6 days after an attempt that nobody answered, "
        "Mon-Fri 09:00-20:00, Sat 10:00-17:00.",
        "6 attempts in all, at most 3 a day to one lead, in the time zone of the lead.",
        "A voicemail is an attempt like one that nobody answered.",
        "Not on 1 day off.",
    ]


def test_without_a_plan_the_first_call_is_the_only_one():
    workspace = Workspace(first_call_hours="mon-fri 09:00-20:00")

    assert in_words.follow_up(workspace) == [
        "At once, Mon-Fri 09:00-20:00, and then not again of the agent's own accord."
    ]


def test_what_cannot_be_read_is_said():
    assert in_words.follow_up(Workspace(later_call_hours="whenever")) == [in_words.BAD]


def test_every_gap_that_can_be_set_is_said_exactly():
    assert (
        in_words.spoken([timedelta(seconds=61), timedelta(hours=25)]) == "61 seconds and 25 hours"
    )


def test_the_settings_say_what_is_saved(cast, visit):
    cast.workspace.follow_up_plan = "gentle"
    cast.workspace.save()

    text = text_of(
        visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/settings/follow-up")
    )

    assert "As it is saved At once, then 4 hours and 1 day after" in text
