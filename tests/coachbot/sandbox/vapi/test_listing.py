"""Reading calls back: the shape, the filters, and who sees what."""

from datetime import UTC, datetime, timedelta

import pytest

from coachbot.sandbox.server import Sandbox
from tests.coachbot.sandbox.vapi.client import ASSISTANT, PHONE_NUMBER, call_body, make_client

OTHER = "0d5b62f1-8f64-4f7b-a8c1-6a3ad4a6a111"


class FakeClock:
    """Stands still until it is told otherwise."""

    def __init__(self):
        self.moment = datetime(2026, 9, 20, 8, 30, 0, 123456, tzinfo=UTC)

    def __call__(self):
        return self.moment

    def forward(self, **distance):
        self.moment += timedelta(**distance)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def timed_client(clock):
    with Sandbox(now=clock) as sandbox:
        yield make_client(sandbox)


@pytest.fixture
def three_calls(clock, timed_client):
    """The ids of calls at :00, :01 and :02, oldest first."""
    ids = []
    for _ in range(3):
        ids.append(timed_client.call().json()["id"])
        clock.forward(seconds=1)
    return ids


def test_created_call_has_the_shape_of_the_fact_sheet(timed_client):
    call = timed_client.call(name="lead 7").json()

    assert call["subscriptionLimits"]["concurrencyBlocked"] is False
    assert (call["type"], call["status"]) == ("outboundPhoneCall", "queued")
    assert call["createdAt"] == call["updatedAt"] == "2026-09-20T08:30:00.123Z"
    assert (call["assistantId"], call["phoneNumberId"]) == (ASSISTANT, PHONE_NUMBER)
    assert (call["customer"], call["name"]) == (call_body()["customer"], "lead 7")
    assert call["monitor"]["controlUrl"].endswith(f"/{call['id']}/control")


def test_call_with_a_schedule_is_scheduled(client):
    plan = {"earliestAt": "2099-01-01T09:00:00.000Z"}

    assert client.call(schedulePlan=plan).json()["status"] == "scheduled"


def test_created_call_can_be_read_without_subscription_limits(client):
    created = client.call().json()

    shown = client.get(f"/call/{created['id']}").json()

    assert "subscriptionLimits" not in shown
    assert created == {**shown, "subscriptionLimits": created["subscriptionLimits"]}


def test_unknown_call_is_not_found(client):
    response = client.get(f"/call/{OTHER}")

    assert (response.status_code, response.json()["error"]) == (404, "Not Found")


def test_list_is_newest_first(timed_client, three_calls):
    assert timed_client.listed() == three_calls[::-1]


def test_limit_takes_the_newest(timed_client, three_calls):
    assert timed_client.listed(limit=1) == three_calls[2:]
    assert timed_client.listed(limit=0) == []


@pytest.mark.parametrize(
    "name, expected",
    [
        ("createdAtGt", [2]),
        ("createdAtGe", [2, 1]),
        ("createdAtLt", [0]),
        ("createdAtLe", [1, 0]),
        ("updatedAtGe", [2, 1]),
    ],
)
def test_time_filter_compares_with_the_written_time(timed_client, three_calls, name, expected):
    listed = timed_client.listed(**{name: "2026-09-20T08:30:01.123Z"})

    assert listed == [three_calls[place] for place in expected]


def test_list_filters_by_id_assistant_and_phone_number(client):
    first = client.call().json()["id"]
    second = client.call(assistantId=OTHER).json()["id"]
    third = client.call(phoneNumberId=OTHER).json()["id"]

    assert client.listed(id=first) == [first]
    assert client.listed(assistantId=OTHER) == [second]
    assert client.listed(phoneNumberId=OTHER) == [third]
    assert client.listed(assistantId=OTHER, phoneNumberId=OTHER) == []


@pytest.mark.parametrize(
    "query, message",
    [
        ("createdAtGte=2026-09-20", "property createdAtGte should not exist"),
        ("status=queued", "property status should not exist"),
        ("limit=1001", "limit must not be greater than 1000"),
        ("limit=-1", "limit must not be less than 0"),
        ("limit=all", "limit must be a number conforming to the specified constraints"),
        ("createdAtGe=soon", "createdAtGe must be a valid ISO 8601 date string"),
        # A plus sign that nobody encoded arrives as a space.
        (
            "createdAtGe=2026-09-20T08:00:00.000+00:00",
            "createdAtGe must be a valid ISO 8601 date string",
        ),
    ],
)
def test_wrong_filter_is_refused(client, query, message):
    response = client.get(f"/call?{query}")

    assert response.status_code == 400
    assert response.json()["message"] == [message]


def test_default_limit_is_a_hundred(client):
    for _ in range(101):
        client.call()

    assert len(client.listed()) == 100
    assert len(client.listed(limit=1000)) == 101


def test_calls_of_one_key_are_invisible_to_another(client, stranger):
    call_id = client.call().json()["id"]

    assert stranger.listed() == []
    assert stranger.get(f"/call/{call_id}").status_code == 404
    assert stranger.get(f"/call/{call_id}/mono-recording").status_code == 404
    assert client.listed() == [call_id]


def test_digits_66_hide_the_call_for_three_seconds(clock, timed_client):
    with pytest.raises(IOError, match="Read timed out"):
        timed_client.call("66", timeout=0.3)

    clock.forward(seconds=2.9)
    assert timed_client.listed() == []

    clock.forward(seconds=0.1)
    (call_id,) = timed_client.listed()
    assert timed_client.get(f"/call/{call_id}").json()["createdAt"] == "2026-09-20T08:30:00.123Z"
