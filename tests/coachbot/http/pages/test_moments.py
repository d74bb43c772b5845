"""How pages say a moment: date, hour and zone, and how far it is from now."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from coachbot.http.pages import moments
from tests.dashboard import text_of
from tests.factories import make_lead, make_user

WHEN = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(hours=9), "in 9 hours"),
        (timedelta(days=1), "in 1 day"),
        (timedelta(seconds=30), "in a moment"),
        (timedelta(), "just now"),
        (timedelta(minutes=-2), "2 minutes ago"),
        (timedelta(days=-800), "2 years ago"),
    ],
)
def test_distance_is_told_in_the_largest_unit_that_fits(distance, words):
    assert moments.relative(WHEN + distance, WHEN) == words


def test_appointment_is_shown_with_date_hour_zone_and_distance(cast, visit):
    cast.workspace.time_zone = "Asia/Tokyo"
    cast.workspace.save()
    start = (timezone.now() + timedelta(hours=9, minutes=1)).astimezone(UTC)
    lead = make_lead(cast.workspace, booking_start=start, booking_uid="b")

    page = visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads/{lead.pk}")

    there = start + timedelta(hours=9)
    said = f"{there:%a} {there.day} {there:%b}, {there:%H:%M} Asia/Tokyo , in 9 hours"
    assert said in text_of(page)
    assert 'data-time-zone="Asia/Tokyo"' in page.text


@pytest.mark.parametrize(("cookie", "zone"), [("", "UTC"), ("Europe/Paris", "Europe/Paris")])
def test_zone_is_the_browsers_where_the_workspace_has_none(cast, visit, cookie, zone):
    member = visit(make_user(cast.workspace))
    member.session.cookies.set("time_zone", cookie)
    make_lead(cast.workspace)

    page = text_of(member.get(f"/admin/{cast.workspace.slug}/leads"))

    assert f"{zone} , just now" in page


def test_year_is_named_where_it_is_another(cast, visit):
    make_lead(cast.workspace, created_at=datetime(2020, 2, 3, 4, 5, tzinfo=UTC))

    page = text_of(visit(make_user(cast.workspace)).get(f"/admin/{cast.workspace.slug}/leads"))

    assert "Mon 3 Feb 2020, 04:05 UTC" in page
