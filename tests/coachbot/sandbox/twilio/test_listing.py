"""GET Messages.json: filters, pages, and that it lags."""

from datetime import timedelta

import pytest

from coachbot.sandbox.clock import utc_now
from coachbot.sandbox.server import Sandbox
from tests.coachbot.sandbox.twilio.client import SENDER, Client, wait_until

TODAY, TOMORROW = ((utc_now() + timedelta(days=days)).date().isoformat() for days in (0, 1))


@pytest.fixture
def account(account):
    account.set(list_lag=0)
    return account


def sids(account, **query):
    return [one["sid"] for one in account.get("/Messages.json", **query).json()["messages"]]


def test_list_is_newest_first_and_filtered_by_both_numbers(account):
    first, second = (account.send(digits).json()["sid"] for digits in ("13", "14"))
    heard = account.write("13", body="Hi", delivered=False).json()["written"][0]["sid"]

    assert sids(account) == [heard, second, first]
    assert sids(account, To="whatsapp:+447700900013") == [first]
    assert sids(account, To=SENDER) == [heard]
    assert sids(account, To=SENDER, From="whatsapp:+447700900014") == []


@pytest.mark.parametrize(
    "query, found",
    [
        ({"DateSent>": TODAY}, True),
        ({"DateSent>": TOMORROW}, False),
        ({"DateSent<": TODAY}, True),
        ({"DateSent": TODAY}, True),
        ({"DateSent": TOMORROW}, False),
    ],
)
def test_list_is_filtered_by_day(account, query, found):
    account.send("14")
    wait_until(lambda: account.twilio.sent(account.sid)[0].status == "delivered")

    assert bool(sids(account, **query)) is found


def test_message_that_was_not_sent_has_no_day(account):
    account.send("91")
    account.settled("failed")

    assert len(sids(account)) == 1
    assert sids(account, **{"DateSent>": "2000-01-01"}) == []


def test_list_is_read_page_by_page(account):
    written = [account.send("13").json()["sid"] for _ in range(5)]
    page = account.get("/Messages.json", PageSize=2, To="whatsapp:+447700900013").json()
    found = [one["sid"] for one in page["messages"]]
    while page["next_page_uri"]:
        page = account.request("GET", page["next_page_uri"]).json()
        found += [one["sid"] for one in page["messages"]]

    assert found == written[::-1]
    assert (page["page"], page["page_size"], page["previous_page_uri"] is None) == (2, 2, False)


def test_list_lags_three_seconds_and_a_single_message_does_not(ear):
    now = utc_now()
    with Sandbox(pace=0, now=lambda: now) as sandbox:
        account = Client(sandbox, ear)
        sid = account.send("13").json()["sid"]
        early = sids(account)
        fetched = account.get(f"/Messages/{sid}.json").json()["sid"]
        now += timedelta(seconds=3)

        assert (early, fetched, sids(account)) == ([], sid, [sid])


def test_missing_message_and_bad_query_are_refused(account):
    assert account.get("/Messages/SM1.json").json()["code"] == 20404
    assert account.get("/Messages.json", PageSize="many").status_code == 400
    assert account.get("/Messages.json", **{"DateSent>": "soon"}).status_code == 200


def test_inbound_row_has_what_the_back_fill_needs(account):
    account.write("13", shape="picture", body="My plan", delivered=False)

    [row] = account.get("/Messages.json").json()["messages"]
    assert (row["direction"], row["status"], row["num_media"]) == ("inbound", "received", "1")
    assert (row["from"], row["to"], row["body"]) == ("whatsapp:+447700900013", SENDER, "My plan")
