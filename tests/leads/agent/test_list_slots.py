"""listSlots: the free times of the next days, to say and to pass on."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from leads.models import Lead, ToolCall


def test_free_times_are_named_in_the_workspaces_zone(cast, reporter, lead_id, calendar, offered):
    calendar(zone="America/New_York")

    starts = [datetime.fromisoformat(start) for start in offered()]

    assert starts == sorted(starts) and starts
    assert all(
        start.utcoffset() == start.astimezone(ZoneInfo("America/New_York")).utcoffset()
        for start in starts
    )
    assert all(9 <= start.astimezone(ZoneInfo("UTC")).hour < 17 for start in starts)


@pytest.mark.parametrize("asked, days", [({}, 7), ({"daysAhead": 2}, 2), ({"daysAhead": "3"}, 3)])
def test_times_reach_as_far_as_asked(lead_id, calendar, offered, asked, days):
    calendar()
    last = timezone.now().astimezone(ZoneInfo("Europe/London")).date() + timedelta(days=days)

    starts = [datetime.fromisoformat(start) for start in offered(**asked)]

    assert all(start.date() <= last for start in starts)


def test_many_times_are_thinned_out(cast, lead_id, calendar, offered):
    calendar()

    starts = offered(daysAhead=30)

    [row] = ToolCall.objects.filter(call__lead_id=lead_id)
    assert len(starts) == len(row.offered) == 60


@pytest.mark.parametrize("days", ["soon", [], {"a": 1}])
def test_unreadable_days_are_asked_for_again(cast, reporter, lead_id, calendar, days):
    calendar()

    answer = reporter.ask(cast.placed()[0], "listSlots", {"daysAhead": days})

    assert answer == "daysAhead must be a whole number from 0 to 60."


def test_nothing_free_is_said(cast, reporter, lead_id, calendar):
    calendar("30")

    answer = reporter.ask(cast.placed()[0], "listSlots", {"daysAhead": 5})

    assert answer == "No time is free in the next 5 days. Ask again with more daysAhead."


def test_missing_calendar_is_said_and_needs_a_human(cast, reporter, lead_id):
    answer = reporter.ask(cast.placed()[0], "listSlots")

    lead = Lead.objects.get(pk=lead_id)
    assert answer.startswith("The calendar is not connected")
    assert lead.status == "needs_human"
    assert (
        lead.qualification_notes == "The lead wants an appointment, and Cal.com is not connected."
    )


def test_refused_account_needs_a_human(cast, reporter, lead_id, calendar):
    calendar("40")

    answer = reporter.ask(cast.placed()[0], "listSlots")

    lead = Lead.objects.get(pk=lead_id)
    assert answer.startswith("The calendar refuses to book.")
    assert lead.status == "needs_human"
    assert lead.qualification_notes == (
        "The lead wants an appointment, and Cal.com refused. Cal.com knows no such event type. "
        "Check the id in the settings; the key must be its host's."
    )
    assert "Event Type not found" in cast.workspace.log.get(code="calcom.list_slots").error
