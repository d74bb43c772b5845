"""In which time zones a lead may be."""

from datetime import UTC, datetime

import pytest

from leads.contact import zones

WINTER = datetime(2026, 11, 26, 12, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 12, tzinfo=UTC)
ZONES = [
    ("+442079460958", WINTER, ["Europe/London"]),
    ("+493012345678", WINTER, ["Europe/Berlin"]),
    # Below the area code.
    ("+18504331234", WINTER, ["America/Chicago"]),
    ("+18124221234", WINTER, ["America/Chicago"]),
    ("+16053481234", WINTER, ["America/Denver"]),
    # Two zones, of which one has no summer time.
    ("+19287291234", SUMMER, ["America/Denver", "America/Phoenix"]),
    ("+19072221234", WINTER, ["America/Juneau"]),
    ("+17097541234", WINTER, ["America/Halifax", "America/St_Johns"]),
    ("+34612345678", WINTER, ["Atlantic/Canary", "Europe/Madrid"]),
    # Nothing is known, or too much is possible.
    ("+447700900461", WINTER, []),
    ("+18002345678", WINTER, []),
    ("+61412345678", WINTER, []),
    ("+79161234567", WINTER, []),
    ("+870773123456", WINTER, []),
    ("+07123456", WINTER, []),
]


@pytest.mark.parametrize("phone, at, expected", ZONES)
def test_zones_of_a_number_are_told(phone, at, expected):
    found = zones.zones_of_number(phone, at)

    assert sorted(zone.key for zone in found) == expected


def test_two_zones_with_one_hour_count_once():
    assert len(zones.zones_of_number("+19287291234", WINTER)) == 1


@pytest.mark.parametrize(
    "given, phone, workspace, expected",
    [
        ("Asia/Tokyo", "+442079460958", "Europe/Berlin", "Asia/Tokyo"),
        ("", "+442079460958", "Europe/Berlin", "Europe/London"),
        ("", "+447700900461", "Europe/Berlin", "Europe/Berlin"),
        ("Mars/Olympus", "+447700900461", "Europe/Berlin", "Europe/Berlin"),
        ("../x", "+442079460958", "UTC", "Europe/London"),
        ("Europe", "+442079460958", "UTC", "Europe/London"),
        ("", "+447700900461", "", "UTC"),
    ],
)
def test_zone_given_with_the_lead_goes_before_its_number(given, phone, workspace, expected):
    found = zones.zones_of(given=given, phone=phone, workspace=workspace, at=WINTER)

    assert [zone.key for zone in found] == [expected]
