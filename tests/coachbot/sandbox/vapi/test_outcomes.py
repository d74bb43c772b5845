"""Every row of the digits table, over real HTTP."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from coachbot.sandbox.vapi import outcomes
from coachbot.sandbox.vapi.conversation.scripts import TRANSFER_FAILURES
from tests.coachbot.sandbox.vapi.client import (
    ASSISTANT,
    E164,
    PHONE_NUMBER,
    call_body,
    calls_of,
    wait_until,
)

MISSING = f"Couldn't Get Assistant. `assistantId` {ASSISTANT} Does Not Exist."
ENDINGS = {
    "10": "booked",
    "11": "unqualified",
    "12": "escalated",
    "13": "no-answer",
    "14": "voicemail",
    "15": "never-rang",
    "16": "hung-up",
    "17": "busy",
    "18": "concurrency-blocked",
    "19": "provider-fault",
    "20": "short",
    "22": "untold",
    "28": "assistant-forwarded-call",
    **{str(29 + place): reason for place, reason in enumerate(TRANSFER_FAILURES)},
    "99": None,
}
REFUSALS = [
    ("40", 400, [E164]),
    ("41", 400, MISSING),
    ("42", 400, f"`phoneNumber` `{PHONE_NUMBER}` does not exist"),
    ("43", 400, "Couldn't Start Call. Numbers Bought On Vapi Have A Daily Outbound Call Limit."),
    ("44", 401, "Invalid Key. Hot tip,"),
    ("45", 402, "Insufficient balance."),
    ("47", 429, "Rate limit exceeded"),
    ("48", 400, "Over Concurrency Limit"),
    ("49", 400, "Trial accounts may only make calls to verified numbers"),
    ("50", 500, "Internal server error"),
    ("53", 408, "Request Timeout"),
]
PAGES = [
    ("46", 403, "error code: 1010", 0),
    ("51", 502, "502 Bad Gateway", 0),
    ("52", 503, "", 0),
    ("56", 307, "", 0),
    ("63", 201, "<html>", 1),
    ("65", 500, "Internal server error", 1),
    ("67", 504, "504 Gateway Time-out", 1),
]
NO_ANSWERS = [
    ("54", requests.ConnectionError, "closed connection without response", 0),
    ("55", requests.ReadTimeout, "Read timed out", 0),
    ("60", requests.ReadTimeout, "Read timed out", 1),
    ("61", requests.ConnectionError, "Connection reset by peer", 1),
    ("62", requests.exceptions.ChunkedEncodingError, "IncompleteRead", 1),
    ("66", requests.ReadTimeout, "Read timed out", 1),
]
SLOW = [("21", 201, 1.0, 1), ("70", 201, 1.0, 1), ("71", 201, 3.0, 1), ("72", 400, 2.0, 0)]
IN_TURN = {"23", "24", "25"}  # tests/leads/contact/test_played_plan.py
TESTED_ELSEWHERE = {*IN_TURN, "39", "57", "64", "68", "69", "73", "74", "80", "81", "82", "83"}


def test_every_row_has_a_test_and_a_sentence():
    parametrised = [row[0] for rows in (REFUSALS, PAGES, NO_ANSWERS, SLOW) for row in rows]
    tested = {*ENDINGS, *parametrised, *TESTED_ELSEWHERE} - {"99"}

    assert {outcome.digits for outcome in outcomes.TABLE} == tested
    assert len(outcomes.TABLE) == len(tested)
    assert all(outcome.says.endswith(".") for outcome in outcomes.TABLE)


@pytest.mark.parametrize("digits, ending", ENDINGS.items())
def test_accepted_call_knows_its_ending(sandbox, client, digits, ending):
    response = client.call(digits)

    (call,) = calls_of(sandbox, client)
    assert response.status_code == 201
    assert (call.id, call.ending) == (response.json()["id"], ending)
    assert response.json()["subscriptionLimits"]["concurrencyBlocked"] is (digits == "18")


@pytest.mark.parametrize("digits, status, message", REFUSALS)
def test_refusal_places_nothing(sandbox, client, digits, status, message):
    response = client.call(digits)

    said = response.json()["message"]
    assert (response.status_code, response.json()["statusCode"]) == (status, status)
    assert said == message or said.startswith(message)
    assert calls_of(sandbox, client) == []


@pytest.mark.parametrize("digits, status, text, placed", PAGES)
def test_strange_answer_says_nothing_about_the_call(sandbox, client, digits, status, text, placed):
    response = client.call(digits)

    assert response.status_code == status
    assert text in response.text
    assert len(calls_of(sandbox, client)) == placed


@pytest.mark.parametrize("digits, error, text, placed", NO_ANSWERS)
def test_answer_never_arrives(sandbox, client, digits, error, text, placed):
    with pytest.raises(error, match=text):
        client.call(digits, timeout=0.3)

    assert len(calls_of(sandbox, client)) == placed


def test_digits_39_refuse_with_five_megabytes(sandbox, client):
    response = client.call("39")

    assert response.status_code == 400
    assert len(response.content) > 5_000_000
    assert calls_of(sandbox, client) == []


def test_digits_56_lead_nowhere(sandbox, client):
    location = client.call("56").headers["Location"]

    assert client.request("POST", location).status_code == 404


def test_digits_64_hide_the_id(sandbox, client):
    response = client.call("64")

    (call,) = calls_of(sandbox, client)
    assert response.status_code == 201
    assert "id" not in response.json()
    assert call.id not in response.text


@pytest.mark.parametrize(
    ("digits", "status", "first", "least", "placed"),
    [("57", 307, b"M", 40, 0), ("68", 201, b"{", 100, 1)],
)
def test_body_drips(sandbox, client, digits, status, first, least, placed):
    request = requests.Request("POST", f"{sandbox.base_url}/call", json=call_body(digits))
    request.headers["Authorization"] = f"Bearer {client.key}"
    # Without a session, which would read a redirect's body to its end.
    adapter = requests.adapters.HTTPAdapter()
    with adapter.send(request.prepare(), stream=True, timeout=2) as response:
        byte = response.raw.read(1)

    assert (response.status_code, byte) == (status, first)
    assert int(response.headers["Content-Length"]) > least
    assert len(calls_of(sandbox, client)) == placed


def test_slow_answers_take_their_time_and_place_at_once(sandbox, client):
    with ThreadPoolExecutor() as pool:
        slow = [pool.submit(timed_call, client, row[0]) for row in SLOW]
        wait_until(lambda: len(calls_of(sandbox, client)) == 3, within=0.9)

    for (_, status, seconds, _), answer in zip(SLOW, slow, strict=True):
        assert answer.result()[0] == status
        assert seconds <= answer.result()[1] < seconds + 0.9
    assert len(calls_of(sandbox, client)) == 3


@pytest.mark.parametrize(
    "digits, status, message, seconds",
    [
        ("80", 400, MISSING, 0.5),
        ("81", 500, "Internal server error", 0),
        ("83", 400, MISSING, 0),
    ],
)
def test_first_attempt_fails_and_later_ones_do_not(
    sandbox, client, digits, status, message, seconds
):
    started = time.monotonic()
    first = client.call(digits)
    took = time.monotonic() - started

    assert (first.status_code, first.json()["message"]) == (status, message)
    assert took >= seconds
    assert calls_of(sandbox, client) == []
    assert [client.call(digits).status_code for _ in range(2)] == [201, 201]


def test_digits_82_are_silent_once(sandbox, client):
    with pytest.raises(requests.ReadTimeout):
        client.call("82", timeout=0.2)

    assert calls_of(sandbox, client) == []
    assert client.call("82").status_code == 201


def test_first_attempts_are_counted_for_each_key_and_number(client, stranger):
    assert client.call("81").status_code == 500
    assert stranger.call("81").status_code == 500
    assert client.call("81", customer={"number": "+442071234581"}).status_code == 500


def test_refused_body_does_not_count_as_an_attempt(client):
    assert client.call("83", plan="a").json()["message"] == ["property plan should not exist"]
    assert client.call("83").json()["message"] == MISSING


def timed_call(client, digits):
    started = time.monotonic()
    status = client.call(digits, timeout=5).status_code
    return status, time.monotonic() - started
