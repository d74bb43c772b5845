"""Lines that are full, and accounts that fail, as they are set while it goes on."""

import pytest

from coachbot.sandbox.vapi.orgs import FAULTS
from tests.coachbot.sandbox.vapi.client import calls_of


def change(client, **changes):
    response = client.request("POST", "/sandbox/org", json=changes)
    assert response.status_code == 200, response.text
    return response.json()


def test_an_org_has_any_number_of_lines_until_some_are_set(client):
    limits = client.call().json()["subscriptionLimits"]

    assert limits == {"concurrencyBlocked": False}
    assert client.get("/sandbox/org").json()["going_on"] == 1


def test_a_call_beyond_the_lines_is_refused(sandbox, client):
    change(client, lines=1)

    first, second = client.call(), client.call()

    assert first.json()["subscriptionLimits"] == {
        "concurrencyBlocked": False,
        "concurrencyLimit": 1,
        "remainingConcurrentCalls": 0,
    }
    assert (second.status_code, "Over Concurrency Limit" in second.text) == (400, True)
    assert len(calls_of(sandbox, client)) == 1


def test_a_call_beyond_the_lines_is_blocked_and_can_be_deleted(client):
    change(client, lines=1, when_full="block", told=10)
    running = client.call().json()["id"]

    blocked = client.call().json()
    deleted = client.request("DELETE", f"/call/{blocked['id']}")

    assert blocked["subscriptionLimits"]["concurrencyBlocked"] is True
    assert blocked["subscriptionLimits"]["concurrencyLimit"] == 10
    assert (deleted.status_code, client.get(f"/call/{blocked['id']}").status_code) == (200, 404)
    assert client.request("DELETE", f"/call/{running}").status_code == 400


def test_a_call_that_has_ended_takes_no_line(sandbox, client):
    change(client, lines=1)
    client.call()
    calls_of(sandbox, client)[0].body["status"] = "ended"

    assert client.call().status_code == 201
    assert client.get("/sandbox/org").json()["most_at_once"] == 1


@pytest.mark.parametrize("fault", [name for name, answer in FAULTS.items() if answer])
def test_a_fault_of_the_account_begins_and_ends(client, fault):
    change(client, fault=fault)
    refused = client.call().status_code
    change(client, fault="")

    assert refused in (400, 401, 402)
    assert client.call().status_code == 201


def test_what_cannot_be_read_changes_nothing(client):
    for changes in ({"lines": "many"}, {"when_full": "explode"}, {"fault": "rain"}, {"x": 1}):
        assert client.request("POST", "/sandbox/org", json=changes).status_code == 400
    assert client.request("POST", "/sandbox/org", data="[").status_code == 400
    assert client.call().status_code == 201
