"""What the last two digits choose: refusals, failures, and answers that are lost."""

import time

import pytest
import requests

from coachbot.sandbox.twilio import outcomes
from coachbot.sandbox.twilio.leads import scripts
from tests.coachbot.sandbox.twilio.client import wait_until

REFUSALS = [
    ("40", 400, 21211),
    ("41", 400, 21608),
    ("42", 400, 21610),
    ("43", 400, 21617),
    ("44", 401, 20003),
    ("45", 429, 20429),
    ("46", 400, 63007),
    ("47", 400, 21655),
    ("48", 400, 21656),
    ("49", 400, 63016),
    ("50", 500, 20500),
]
PAGES = [("51", 502, "502 Bad Gateway", 0), ("52", 503, "", 0), ("63", 201, "Welcome", 1)]
NO_ANSWERS = [
    ("54", requests.ConnectionError, 0),
    ("55", requests.ReadTimeout, 0),
    ("60", requests.ReadTimeout, 1),
    ("61", requests.ConnectionError, 1),
    ("62", (requests.ConnectionError, requests.exceptions.ChunkedEncodingError), 1),
    ("66", requests.ReadTimeout, 1),
]
FAILURES = {
    **{"84": "63012", "85": "63018", "86": "63028", "87": "63041", "88": "63051", "89": "63013"},
    **{"90": "63016", "91": "63003", "92": "63024", "93": "63015", "94": "63032", "95": "63049"},
    **{"96": "63014", "98": "63001"},
}
SLOW = [("70", 1.0), ("71", 3.0)]
CALLBACKS = {"74", "75", "76", "77"}  # test_callbacks.py
ELSEWHERE = {"64", "65", "72", "80", "81", "82", "97"}
LEADS = {str(digits) for digits in range(10, 38)}  # test_leads.py


def test_every_row_has_a_test_a_sentence_and_a_script():
    tested = {row[0] for rows in (REFUSALS, PAGES, NO_ANSWERS, SLOW) for row in rows}
    tested |= CALLBACKS | ELSEWHERE | LEADS | FAILURES.keys()

    assert {row.digits for row in outcomes.TABLE} == tested
    assert len(outcomes.TABLE) == len(tested)
    assert all(row.says.endswith(".") for row in outcomes.TABLE)
    assert {row.lead for row in outcomes.TABLE} == set(scripts.SCRIPTS)


@pytest.mark.parametrize("digits, status, code", REFUSALS)
def test_refusal_accepts_nothing(account, digits, status, code):
    answer = account.send(digits)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert account.twilio.sent(account.sid) == []


@pytest.mark.parametrize("digits, status, text, accepted", PAGES)
def test_strange_answer_says_nothing_of_the_message(account, digits, status, text, accepted):
    answer = account.send(digits)

    assert answer.status_code == status and text in answer.text
    assert len(account.twilio.sent(account.sid)) == accepted


@pytest.mark.parametrize("digits, error, accepted", NO_ANSWERS)
def test_answer_never_arrives(account, digits, error, accepted):
    with pytest.raises(error):
        account.send(digits, timeout=0.4)

    assert len(account.twilio.sent(account.sid)) == accepted


def test_digits_64_hide_the_sid(account):
    answer = account.send("64")

    [message] = account.twilio.sent(account.sid)
    assert (answer.status_code, "sid" in answer.json()) == (201, False)
    assert message.sid not in answer.text


def test_digits_65_accept_and_say_500(account):
    assert account.send("65").status_code == 500

    account.settled("sent", "delivered", "read")


@pytest.mark.parametrize("digits, code", FAILURES.items())
def test_message_fails_after_it_was_accepted(account, digits, code):
    sid = account.send(digits).json()["sid"]

    assert account.settled("failed") == [code]
    told = account.ear.heard[0].fields
    shown = account.get(f"/Messages/{sid}.json").json()
    assert told["ErrorMessage"] == told["ChannelStatusMessage"] == shown["error_message"]
    assert (shown["status"], str(shown["error_code"])) == ("failed", code)


def test_digits_97_are_undelivered_after_they_were_sent(account):
    account.send("97")

    assert account.settled("sent", "undelivered") == [None, "63024"]


@pytest.mark.parametrize("digits, seconds", SLOW)
def test_slow_answer_accepts_at_once(account, digits, seconds):
    started = time.monotonic()
    status = account.send(digits, timeout=8).status_code

    assert (status, time.monotonic() - started >= seconds) == (201, True)
    assert account.ear.statuses()[0] == ("sent", None)


def test_digits_72_take_longer_than_anybody_waits(account):
    with pytest.raises(requests.ReadTimeout):
        account.send("72", timeout=0.4)

    assert outcomes.choose("+4477009000172", attempt=1).delay == 20.0
    wait_until(lambda: len(account.ear.statuses()) == 3)


@pytest.mark.parametrize("digits, status", [("80", 429), ("81", 500)])
def test_first_attempt_fails_and_the_next_does_not(account, digits, status):
    answers = [account.send(digits).status_code for _ in range(2)]

    assert answers == [status, 201]
    assert len(account.twilio.sent(account.sid)) == 1


def test_digits_82_are_silent_once(account):
    with pytest.raises(requests.ReadTimeout):
        account.send("82", timeout=0.4)

    assert account.send("82").status_code == 201


def test_outcome_that_is_set_holds_for_every_number(account):
    account.set(outcome="62")

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        account.send("13")
    account.set(outcome="")
    assert account.send("13").status_code == 201
