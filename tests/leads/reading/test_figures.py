"""The figures of the overview, apart from their page: of many leads, of odd ones, and in words."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from leads.reading.listed.days import Span
from leads.reading.overview import chart, counted, figures, received
from leads.reading.overview.days import Days, chosen
from leads.reading.overview.rates import Rate
from leads.reading.overview.speed import speed_of
from leads.templatetags.figures import how_long
from tests.factories import make_lead, make_workspace
from workspaces.log import record

NOW = timezone.now().replace(hour=12)
DAY = timedelta(days=1)


def month() -> Days:
    return chosen("30", timezone.localdate())


@pytest.fixture
def counts_three(monkeypatch):
    """At most three leads are counted."""
    monkeypatch.setattr(received, "MOST_COUNTED", 3)


def count_of(*ages) -> figures.Figures:
    """Return the figures of leads, some days and hours old."""
    workspace = make_workspace()
    for age in ages:
        make_lead(workspace, created_at=NOW - age * DAY, status="booked")
    return figures.count(workspace, month())


def test_of_many_leads_those_of_whole_days_are_counted(counts_three):
    found = count_of(0, 1, 2, 2.1, 2.2, 5)

    assert (found.all.leads, found.all.booked) == (2, Rate(2, 2))
    assert (found.is_all, found.first) == (False, None)
    assert found.since == (NOW - DAY).date()
    assert [bar.leads for bar in found.chart.bars] == [1, 1]


@pytest.mark.parametrize("ages", [(0, 0.1, 0.2, 0.3), (0, 1, 1.1, 1.2), (3, 3.1, 3.2, 3.3, 4)])
def test_where_a_day_has_too_many_the_newest_are_counted_in_no_chart(counts_three, ages):
    found = count_of(*ages)

    assert (found.all.leads, found.chart) == (3, None)
    assert found.first == NOW - ages[2] * DAY


def test_all_leads_are_counted_where_there_are_no_more(counts_three):
    found = count_of(0, 1, 2)

    assert (found.is_all, found.first) == (True, None)
    assert len(found.chart.bars) == 30


@pytest.mark.parametrize(("many", "leads"), [(1, 2), (2, 3)])
def test_only_figures_of_many_leads_are_kept_whatever_is_logged(monkeypatch, many, leads):
    monkeypatch.setattr(counted, "MANY", many)
    workspace = make_workspace()
    make_lead(workspace)
    make_lead(workspace)
    before = counted.count(workspace, month())
    make_lead(workspace)
    row = {"kind": "alert", "code": "log.test", "action": "test", "outcome": "succeeded"}
    record.row(workspace_id=workspace.pk, **row)

    after = counted.count(workspace, month())

    assert (before.figures.all.leads, after.figures.all.leads) == (2, leads)


def test_clock_that_was_behind_makes_no_time_less_than_none():
    workspace = make_workspace()
    make_lead(workspace, created_at=NOW - DAY, first_contact_at=NOW - DAY - timedelta(seconds=2))

    assert figures.count(workspace, month()).all.speed.seconds == (0.0,)


@pytest.mark.parametrize(
    ("since", "bars", "first"),
    [
        (date(2026, 11, 29), 2, date(2026, 11, 29)),
        (date(2026, 10, 31), 31, date(2026, 10, 31)),
        (date(2026, 10, 30), 5, date(2026, 11, 2)),
        (date(2026, 9, 2), 13, date(2026, 9, 7)),
    ],
)
def test_days_have_a_bar_each_and_many_of_them_one_a_week(since, bars, first):
    drawn = chart.draw([], since, date(2026, 11, 30))

    assert len(drawn.bars) == bars
    assert drawn.bars[0].since == since and drawn.bars[-1].until == date(2026, 11, 30)
    assert drawn.bars[0].until == first


def test_a_single_day_has_no_chart():
    assert chart.draw([], date(2026, 11, 30), date(2026, 11, 30)) is None


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [1, 0]),
        (1, [1, 0]),
        (4, [4, 3, 2, 1, 0]),
        (5, [6, 4, 2, 0]),
        (11, [15, 10, 5, 0]),
        (21, [30, 20, 10, 0]),
        (2_999, [3_000, 2_000, 1_000, 0]),
    ],
)
def test_axis_has_round_numbers_up_to_the_highest_bar(most, ticks):
    today = date(2026, 11, 30)
    leads = [received.Lead(today, NOW, "new", "api", None, None)] * most

    assert chart.draw(leads, today - DAY, today).ticks == ticks


@pytest.mark.parametrize(("part", "base", "percent"), [(0, 0, None), (9, 9, None), (1, 10, 10)])
def test_percentage_is_told_from_ten_on(part, base, percent):
    assert Rate(part, base).percent == percent


@pytest.mark.parametrize(
    ("part", "base", "percent"),
    [(220, 221, 99), (1, 221, 1), (0, 221, 0), (221, 221, 100), (218, 221, 99), (147, 221, 67)],
)
def test_all_and_none_are_said_of_all_and_none_alone(part, base, percent):
    assert Rate(part, base).percent == percent


@pytest.mark.parametrize(
    ("number", "median", "percentile"),
    [(0, None, None), (4, None, None), (5, 3, None), (20, 10.5, 19)],
)
def test_median_and_percentile_are_told_of_enough(number, median, percentile):
    speed = speed_of(range(number, 0, -1))

    assert (speed.median, speed.percentile) == (median, percentile)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (0.84, "0.8 s"),
        (14.2, "14 s"),
        (60, "1 min"),
        (125, "2 min 5 s"),
        (720, "12 min"),
        (12_000, "3 h 20 min"),
        (86_400, "1 d"),
        (950_000, "10 d"),
    ],
)
def test_length_of_time_is_said_in_one_or_two_units(seconds, words):
    assert how_long(seconds) == words


@pytest.mark.parametrize("span", [span for span in Span if span != Span.CUSTOM])
def test_days_of_a_name_end_today_or_yesterday(span):
    days = chosen(span.value, date(2026, 3, 1))

    assert days.span == span and days.since <= days.until <= date(2026, 3, 1)
