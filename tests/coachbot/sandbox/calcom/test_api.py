"""Who gets in to Cal.com, and which versions a path has."""

import pytest
import requests

KEY = "cal_sandbox-access"
SLOTS = {"cal-api-version": "2024-09-04"}


def get(sandbox, path, *, key=KEY, **options):
    headers = {"Authorization": f"Bearer {key}", **options.pop("headers", {})}
    return requests.get(f"{sandbox.base_url}/v2/{path}", headers=headers, timeout=2, **options)


def test_key_is_known_by_its_first_letters(sandbox):
    assert get(sandbox, "me").json()["data"]["username"] == "jo"

    refused = get(sandbox, "me", key="cal_live_1")

    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "UnauthorizedException")


@pytest.mark.parametrize("path", ["slots", "bookings", "event-types/100"])
def test_path_in_a_version_that_has_none_is_not_found(sandbox, path):
    for headers in ({}, {"cal-api-version": "2020-01-01"}):
        answer = get(sandbox, path, headers=headers)

        assert (answer.status_code, answer.json()["status"]) == (404, "error")


def test_free_slots_are_half_hours_of_workdays(sandbox):
    query = {"eventTypeId": "100", "start": "2099-01-05", "end": "2099-01-12"}

    days = get(sandbox, "slots", headers=SLOTS, params=query).json()["data"]

    assert list(days) == [f"2099-01-{day:02}" for day in (5, 6, 7, 8, 9)]
    starts = [slot["start"] for slot in days["2099-01-05"]]
    assert (len(starts), starts[0]) == (16, "2099-01-05T09:00:00.000Z")


@pytest.mark.parametrize("unknown", ["username", "days"])
def test_parameter_that_slots_do_not_have_is_named(sandbox, unknown):
    answer = get(sandbox, f"slots?{unknown}=x", headers=SLOTS)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(f"{unknown} property is wrong")
