"""When a person may be called: windows, zones, and days on which clocks are changed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from leads.contact import hours
from workspaces.settings import calling_hours

OFFICE = "mon-fri 09:00-20:00, sat 10:00-17:00"
LUNCH = "mon-fri 09:00-13:00, mon-fri 14:00-20:00"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# What is said, the zones, a moment in UTC, and the first moment from it on.
OPENINGS = [
    # Inside a window, at its edges, and outside.
    (OFFICE, "Europe/London", "2026-11-26T09:00", "2026-11-26T09:00"),
    (OFFICE, "Europe/London", "2026-11-26T08:59", "2026-11-26T09:00"),
    (OFFICE, "Europe/London", "2026-11-26T19:59", "2026-11-26T19:59"),
    (OFFICE, "Europe/London", "2026-11-26T20:00", "2026-11-27T09:00"),
    (OFFICE, "Europe/London", "2026-11-27T20:00", "2026-11-28T10:00"),
    (OFFICE, "Europe/London", "2026-11-28T17:00", "2026-11-30T09:00"),
    (OFFICE, "Europe/London", "2026-11-29T12:00", "2026-11-30T09:00"),
    (LUNCH, "Europe/Paris", "2026-11-26T12:30", "2026-11-26T13:00"),
    (LUNCH, "Europe/Paris", "2026-11-26T11:59", "2026-11-26T11:59"),
    ("always", "Europe/London", "2026-11-29T03:00", "2026-11-29T03:00"),
    ("sun 23:00-24:00", "Europe/London", "2026-11-29T23:59", "2026-11-29T23:59"),
    ("sun 23:00-24:00", "Europe/London", "2026-11-30T00:00", "2026-12-06T23:00"),
    ("mon 00:00-00:01", "Europe/London", "2026-11-30T00:01", "2026-12-07T00:00"),
    # Zones ahead and behind, half hours and quarters.
    (OFFICE, "Asia/Kolkata", "2026-11-26T03:29", "2026-11-26T03:30"),
    (OFFICE, "Asia/Kathmandu", "2026-11-26T03:14", "2026-11-26T03:15"),
    (OFFICE, "Australia/Lord_Howe", "2026-11-26T00:00", "2026-11-26T00:00"),
    (OFFICE, "Pacific/Kiritimati", "2026-11-26T18:59", "2026-11-26T19:00"),
    (OFFICE, "Pacific/Pago_Pago", "2026-11-26T19:59", "2026-11-26T20:00"),
    (OFFICE, "Pacific/Chatham", "2026-11-25T19:14", "2026-11-25T19:15"),
    (OFFICE, "America/St_Johns", "2026-11-26T12:29", "2026-11-26T12:30"),
    (OFFICE, "Asia/Tehran", "2026-11-26T05:29", "2026-11-26T05:30"),
    (OFFICE, "Australia/Eucla", "2026-11-26T00:14", "2026-11-26T00:15"),
    # Clocks go forward: the window begins in the hour that is skipped.
    ("sun 02:30-04:00", "America/New_York", "2026-03-08T06:00", "2026-03-08T07:00"),
    ("sun 02:00-02:30", "America/New_York", "2026-03-08T06:00", "2026-03-15T06:00"),
    ("sun 02:30-02:45", "America/New_York", "2026-03-08T06:00", "2026-03-15T06:30"),
    ("sun 01:30-04:00", "Europe/London", "2026-03-29T00:00", "2026-03-29T01:00"),
    ("sun 02:15-04:00", "Australia/Lord_Howe", "2026-10-03T15:00", "2026-10-03T15:30"),
    # ... and everything after it is an hour earlier for UTC.
    ("sun 09:00-10:00", "America/New_York", "2026-03-08T06:00", "2026-03-08T13:00"),
    ("mon 09:00-10:00", "America/New_York", "2026-03-08T06:00", "2026-03-09T13:00"),
    ("sun 09:00-10:00", "Europe/London", "2026-03-28T12:00", "2026-03-29T08:00"),
    # Midnight itself is skipped.
    ("sun 00:00-02:00", "America/Santiago", "2026-09-06T03:00", "2026-09-06T04:00"),
    ("sun 09:00-10:00", "America/Santiago", "2026-09-06T03:00", "2026-09-06T12:00"),
    ("fri 00:00-01:30", "Africa/Cairo", "2026-04-23T20:00", "2026-04-23T22:00"),
    ("sun 00:00-02:00", "Asia/Beirut", "2026-03-28T21:00", "2026-03-28T22:00"),
    ("sun 00:30-02:00", "America/Havana", "2026-03-08T04:00", "2026-03-08T05:00"),
    # Clocks go back: an hour comes twice, and both are in the window.
    ("sun 01:00-02:00", "America/New_York", "2026-11-01T05:00", "2026-11-01T05:00"),
    ("sun 01:00-02:00", "America/New_York", "2026-11-01T06:30", "2026-11-01T06:30"),
    ("sun 01:00-02:00", "America/New_York", "2026-11-01T07:00", "2026-11-08T06:00"),
    ("sun 01:00-01:30", "America/New_York", "2026-11-01T05:45", "2026-11-01T06:00"),
    ("sun 01:00-01:30", "America/New_York", "2026-11-01T06:30", "2026-11-08T06:00"),
    ("sun 09:00-10:00", "America/New_York", "2026-11-01T05:00", "2026-11-01T14:00"),
    ("sun 01:30-01:45", "Australia/Lord_Howe", "2026-04-04T14:45", "2026-04-04T15:00"),
    ("sun 09:00-10:00", "Europe/London", "2026-10-24T12:00", "2026-10-25T09:00"),
    # Several zones: it has to be the hour in all of them.
    (OFFICE, "America/Denver America/Phoenix", "2026-11-26T15:00", "2026-11-26T16:00"),
    (OFFICE, "America/Denver America/Phoenix", "2026-07-02T15:30", "2026-07-02T16:00"),
    (OFFICE, "America/Denver America/Phoenix", "2026-07-03T02:30", "2026-07-03T16:00"),
    (OFFICE, "America/Adak America/Anchorage", "2026-11-26T18:30", "2026-11-26T19:00"),
    (OFFICE, "America/Halifax America/St_Johns", "2026-11-26T12:45", "2026-11-26T13:00"),
    (OFFICE, "Europe/Lisbon Atlantic/Azores", "2026-11-27T20:00", "2026-11-28T11:00"),
    (OFFICE, "Australia/Perth Australia/Sydney", "2026-11-26T00:30", "2026-11-26T01:00"),
    (OFFICE, "Australia/Perth Australia/Sydney", "2026-11-26T09:00", "2026-11-27T01:00"),
    ("mon-fri 09:00-10:00", "America/New_York Europe/Berlin", "2026-11-26T00:00", None),
    (OFFICE, "Atlantic/Canary Europe/Madrid", "2026-11-26T08:30", "2026-11-26T09:00"),
    (OFFICE, "Atlantic/Canary Europe/Madrid", "2026-11-26T19:00", "2026-11-27T09:00"),
    # Two zones in which clocks are changed on different days.
    (OFFICE, "America/New_York Europe/London", "2026-03-09T12:59", "2026-03-09T13:00"),
    (OFFICE, "America/New_York Europe/London", "2026-03-06T12:59", "2026-03-06T14:00"),
    (OFFICE, "America/New_York Europe/London", "2026-10-26T12:59", "2026-10-26T13:00"),
    # Southern summers, and a zone that changes by half an hour.
    ("sun 02:30-04:00", "Australia/Sydney", "2026-10-03T15:00", "2026-10-03T16:00"),
    ("sun 02:15-02:45", "Australia/Sydney", "2026-04-04T15:50", "2026-04-04T16:15"),
    ("sun 09:00-10:00", "Pacific/Auckland", "2026-09-26T12:00", "2026-09-26T20:00"),
    ("sun 09:00-10:00", "Pacific/Chatham", "2026-04-04T12:00", "2026-04-04T20:15"),
    ("sun 01:45-03:00", "Australia/Lord_Howe", "2026-10-03T15:00", "2026-10-03T15:15"),
    # The day that the clock leaves out is left out: Samoa had no 30 December 2011.
    ("fri 09:00-10:00", "Pacific/Apia", "2011-12-29T12:00", "2012-01-05T19:00"),
    # Where clocks are changed at midnight the day before has 23 or 25 hours.
    ("sat 23:30-24:00", "America/Santiago", "2026-04-05T02:45", "2026-04-05T02:45"),
    ("sat 23:30-24:00", "America/Santiago", "2026-04-05T03:10", "2026-04-05T03:30"),
    ("thu 23:30-24:00", "Africa/Cairo", "2026-04-23T21:20", "2026-04-23T21:30"),
]


@pytest.mark.parametrize("said, zones, now, opening", OPENINGS)
def test_next_opening_is_exact_to_the_minute(said, zones, now, opening):
    in_zones = tuple(map(ZoneInfo, zones.split()))

    found = hours.next_opening(calling_hours.parse(said), moment(now), in_zones)

    assert found == (moment(opening) if opening else None)


def test_days_off_are_those_of_the_lead_s_calendar():
    allowed = calling_hours.Hours(
        calling_hours.parse(OFFICE).windows, calling_hours.parse_days_off("2026-12-25")
    )
    auckland = (ZoneInfo("Pacific/Auckland"),)

    found = hours.next_opening(allowed, moment("2026-12-24T12:00"), auckland)

    assert found == moment("2026-12-25T21:00")  # Saturday at 10:00 there


def test_a_month_of_days_off_is_waited_for():
    off = frozenset(date(2026, 12, day) for day in range(1, 32))
    allowed = calling_hours.Hours(calling_hours.parse(OFFICE).windows, off)

    found = hours.next_opening(allowed, moment("2026-12-01T10:00"), (ZoneInfo("UTC"),))

    assert found == moment("2027-01-01T09:00")


@pytest.mark.parametrize(
    "said, told",
    [
        ("", "'Nothing'"),
        ("mon-fri", "is no window"),
        ("mon-fri 9:00-20:00", "'9:00' is no time"),
        ("mon-fri 09:00-25:00", "'25:00' is no time"),
        ("mon-fri 20:00-09:00", "ends before it begins"),
        ("mon-fri 09:00-09:00", "ends before it begins"),
        ("fri-mon 09:00-20:00", "the days run from Monday to Sunday"),
        ("montag 09:00-20:00", "is no window"),
        ("mun 09:00-20:00", "'mun' is no day"),
        ("always, sun 10:00-11:00", "'always' is no window"),
        ("mon 09:00-10:00,", "'Nothing'"),
    ],
)
def test_hours_at_which_nobody_could_be_called_are_refused(said, told):
    with pytest.raises(calling_hours.BadHours) as refused:
        calling_hours.parse(said)

    assert told in str(refused.value)


def test_a_day_off_that_does_not_exist_is_refused():
    with pytest.raises(calling_hours.BadHours, match="2026-12-25"):
        calling_hours.parse_days_off("2026-02-30")
