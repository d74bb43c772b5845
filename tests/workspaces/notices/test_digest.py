"""The mail of the morning: once a day by the clock on the wall, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from leads.reading import yesterday
from tests.factories import make_lead, make_user, make_workspace
from tests.workspaces.notices.people import subject_of, text_of
from workspaces.models import NoticeKind, NoticeReader, Role
from workspaces.notices import digest, preferences, recording, spreading
from workspaces.notices.preferences import Choice

LONDON = "Europe/London"
HALF_AN_HOUR = timedelta(minutes=30)
BOOKED = NoticeKind.BOOKED


def tell(workspace, number=1):
    recording.tell(
        workspace.pk, BOOKED, state=str(number), text=f"Lead {number} has an appointment."
    )
    spreading.spread()


def reader(workspace, *, hour=8, done: date) -> NoticeReader:
    """Make a member whose digest of a day was done."""
    membership = make_user(workspace).memberships.get()
    preferences.choose(membership, Choice((), (BOOKED,), hour))
    NoticeReader.objects.filter(membership=membership).update(digest_on=done)
    return NoticeReader.objects.get(membership=membership)


def sent_between(workspace, begin: datetime, end: datetime) -> list[datetime]:
    """Let a worker look every half hour, with something to tell; return when it told."""
    sent, now = [], begin
    while now < end:
        tell(workspace, now.isoformat())
        sent += [now] * digest.send_due(lambda workspace, day: [], now)
        now += HALF_AN_HOUR
    return sent


@pytest.mark.parametrize(
    ("zone", "night", "hour", "expected"),
    [
        # 02:00 to 03:00 is left out, or comes twice.
        ("Europe/Berlin", date(2026, 3, 29), 2, ["2026-03-29T01:00", "2026-03-30T00:00"]),
        ("Europe/Berlin", date(2026, 10, 25), 2, ["2026-10-25T00:00", "2026-10-26T01:00"]),
        (LONDON, date(2026, 3, 29), 1, ["2026-03-29T01:00", "2026-03-30T00:00"]),
        (LONDON, date(2026, 10, 25), 1, ["2026-10-25T00:00", "2026-10-26T01:00"]),
        ("America/New_York", date(2026, 3, 8), 2, ["2026-03-08T07:00", "2026-03-09T06:00"]),
        ("America/New_York", date(2026, 11, 1), 1, ["2026-11-01T05:00", "2026-11-02T06:00"]),
        # Midnight itself is left out.
        ("America/Santiago", date(2026, 9, 6), 0, ["2026-09-06T04:00", "2026-09-07T03:00"]),
        ("Australia/Lord_Howe", date(2026, 10, 4), 8, ["2026-10-03T21:00", "2026-10-04T21:00"]),
    ],
)
def test_digest_comes_once_a_day_over_a_change_of_the_clocks(inbox, zone, night, hour, expected):
    workspace = make_workspace(time_zone=zone)
    local = preferences.zone_of(workspace)
    begin = datetime(night.year, night.month, night.day, tzinfo=local).astimezone(UTC)
    before = night - timedelta(days=1)
    NoticeReader.objects.all().delete()
    reader(workspace, hour=hour, done=before)

    sent = sent_between(workspace, begin, begin + timedelta(hours=47))

    assert [f"{moment:%Y-%m-%dT%H:%M}" for moment in sent] == expected


def test_digest_tells_what_came_since_the_last_one_each_once(inbox, people):
    workspace = make_workspace(time_zone=LONDON)
    row = reader(workspace, done=date(2026, 11, 25))
    make_lead(workspace, created_at=datetime(2026, 11, 25, 12, tzinfo=UTC), status="booked")
    morning = datetime(2026, 11, 26, 8, tzinfo=UTC)
    for number in range(2):
        tell(workspace, number)
        digest.send_due(yesterday.figures, morning + number * timedelta(days=1))

    first, second = people.mails_to(row.membership.user)

    assert subject_of(first) == "Test Studio this morning: Lead 0 has an appointment."
    assert "New leads on Wednesday: 1. Booked by now: 1." in text_of(first)
    assert "Lead 0" not in text_of(second) and "- Lead 1 has an appointment." in text_of(second)


def test_morning_with_nothing_to_tell_has_no_mail_and_is_done(inbox, people):
    workspace = make_workspace()
    row = reader(workspace, done=date(2026, 11, 25))
    eight = datetime(2026, 11, 26, 8, tzinfo=UTC)

    digest.send_due(yesterday.figures, eight)
    tell(workspace)
    digest.send_due(yesterday.figures, eight + timedelta(hours=3))

    assert people.mails_to(row.membership.user) == []
    row.refresh_from_db()
    assert row.digest_on == date(2026, 11, 26)


def test_worker_that_was_away_for_days_sends_one(inbox, people):
    workspace = make_workspace()
    row = reader(workspace, done=date(2026, 11, 20))
    tell(workspace)

    for minutes in range(3):
        now = datetime(2026, 11, 26, 15, minutes, tzinfo=UTC)
        digest.send_due(yesterday.figures, now)

    assert len(people.mails_to(row.membership.user)) == 1


def test_zone_that_is_changed_gives_no_day_twice(inbox, people):
    workspace = make_workspace(time_zone="Pacific/Auckland")
    row = reader(workspace, done=date(2026, 11, 25))
    tell(workspace, 1)
    now = datetime(2026, 11, 25, 20, tzinfo=UTC)  # the 26th, 9:00 in Auckland
    digest.send_due(yesterday.figures, now)

    type(workspace).objects.filter(pk=workspace.pk).update(time_zone="America/New_York")
    tell(workspace, 2)
    for hours in (1, 20):  # the 25th, and the 26th before 8:00 and after
        digest.send_due(yesterday.figures, now + timedelta(hours=hours))

    assert len(people.mails_to(row.membership.user)) == 1


def test_first_digest_of_a_member_comes_with_the_next_morning(workspace):
    reader = preferences.reader_of(make_user(workspace, Role.ADMIN).memberships.get())
    now = datetime.now(UTC)

    assert reader.digest_on == preferences.day_done(workspace, 8, now)
