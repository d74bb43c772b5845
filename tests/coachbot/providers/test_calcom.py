"""Cal.com over real HTTP: what is asked, and what each answer is taken for."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from coachbot.providers import ProviderError, Refused, Unclear, Unreachable
from coachbot.providers.calcom import client as calcom
from coachbot.providers.transport import Door

DOOR = Door()
SOON = {"timeout": 1.0}


@pytest.fixture(autouse=True)
def calcom_is_the_sandbox(settings, sandbox):
    settings.CALCOM_BASE_URL = f"{sandbox.base_url}/v2"


def account(digits="00", zone="Europe/London", key=None):
    key = key or f"cal_sandbox_{secrets.token_hex(8)}"
    return calcom.Account(key, int(f"77{digits}"), zone)


def free(own, days=7):
    now = timezone.now()
    return calcom.free_slots(DOOR, own, start=now, end=now + timedelta(days=days), **SOON)


def wish(start, **fields):
    return calcom.Appointment("req-1", start, "Ana Diaz", "ana@example.com", **fields)


def test_slots_come_sorted_in_the_accounts_zone():
    slots = free(account(zone="Asia/Tokyo"))

    assert slots == sorted(slots) and slots
    assert {str(slot.tzinfo) for slot in slots} == {"Asia/Tokyo"}


def test_slots_outside_the_days_wanted_are_dropped():
    own, now = account(), timezone.now()
    end = now + timedelta(days=5)

    slots = calcom.free_slots(DOOR, own, start=now, end=end, **SOON)

    assert slots and all(now <= slot <= end for slot in slots)


def test_booking_is_made_and_found_by_its_request():
    own = account()
    start = free(own)[0]

    made = calcom.book(DOOR, own, wish(start, phone="+14155550123", notes="x" * 3000), **SOON)

    found = calcom.find_booking(DOOR, own, request_id="req-1", start=start, **SOON)
    assert (made, made.start, made.is_pending) == (found, start, False)
    assert calcom.find_booking(DOOR, own, request_id="req-2", start=start, **SOON) is None


def test_booking_of_another_key_is_not_found():
    own = account()
    start = free(own)[0]
    calcom.book(DOOR, own, wish(start), **SOON)

    assert calcom.find_booking(DOOR, account(), request_id="req-1", start=start, **SOON) is None


def test_pending_booking_says_so_and_is_found():
    own = account("10")
    start = free(own)[0]

    assert calcom.book(DOOR, own, wish(start), **SOON).is_pending
    assert calcom.find_booking(DOOR, own, request_id="req-1", start=start, **SOON).is_pending


@pytest.mark.parametrize("digits", ["20", "21"])
def test_both_shapes_of_a_taken_slot_are_known(digits):
    own = account(digits)

    with pytest.raises(calcom.SlotTaken):
        calcom.book(DOOR, own, wish(free(own)[0]), **SOON)


def test_time_in_the_past_is_taken():
    with pytest.raises(calcom.SlotTaken):
        calcom.book(DOOR, account(), wish(datetime(2026, 1, 5, 10, tzinfo=UTC)), **SOON)


@pytest.mark.parametrize(
    "digits, error, status, text",
    [
        ("40", Refused, 404, "Event type with id"),
        ("41", Refused, 400, "Missing required booking field response"),
        ("49", Refused, 429, "Too many requests"),
        ("50", Unclear, 500, "Internal server error"),
        ("51", Unclear, None, "no answer within 1 seconds"),
        ("60", Unclear, None, "no answer within 1 seconds"),
    ],
)
def test_failures_are_told_apart(digits, error, status, text):
    start = free(account())[0]

    with pytest.raises(error, match=text) as caught:
        calcom.book(DOOR, account(digits), wish(start), **SOON)
    assert (caught.type, caught.value.status) == (error, status)


def test_nobody_there_is_unreachable(settings):
    settings.CALCOM_BASE_URL = "http://127.0.0.1:9/v2"

    with pytest.raises(Unreachable):
        free(account())


def test_wrong_key_is_refused():
    with pytest.raises(Refused, match="Your api key is not valid"):
        calcom.verify(DOOR, account(key="cal_live_wrong"), **SOON)


def test_good_account_has_nothing_to_warn_of():
    assert calcom.verify(DOOR, account(), **SOON) == []


@pytest.mark.parametrize(
    "digits, warning",
    [
        ("10", "Bookings wait for your confirmation, so the agent calls them requested."),
        ("11", "The event type is recurring: one booking makes several."),
        ("30", "No time is free in the next 14 days."),
        ("41", "The event type requires the field 'budget', which is not sent."),
    ],
)
def test_account_with_a_catch_is_warned_of(digits, warning):
    assert calcom.verify(DOOR, account(digits), **SOON) == [warning]


@pytest.mark.parametrize(
    "digits, text", [("40", "Event type not found"), ("42", "managed"), ("43", "e-mails verified")]
)
def test_account_that_cannot_work_is_refused(digits, text):
    with pytest.raises(Refused, match=text):
        calcom.verify(DOOR, account(digits), **SOON)


def test_account_with_a_zone_that_is_none_is_refused():
    class Zoneless(calcom.Account):
        zone = UTC

    with pytest.raises(ProviderError, match="timeZone must be a valid IANA time-zone"):
        calcom.verify(DOOR, Zoneless("cal_sandbox_x", 77, "Mars/Olympus"), **SOON)
