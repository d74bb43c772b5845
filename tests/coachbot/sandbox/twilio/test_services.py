"""What else of Twilio is asked: the account, its senders, services and templates."""

import pytest

from tests.coachbot.sandbox.twilio.client import SENDER, TEMPLATE

SENDERS = "/v2/Channels/Senders"
CONTENT = "/v1/Content"


def test_account_says_how_it_stands(account):
    account.set(kind="Trial")

    shown = account.get(".json").json()
    assert (shown["sid"], shown["status"], shown["type"]) == (account.sid, "active", "Trial")


def test_sender_that_was_used_is_listed_and_shows_its_webhook(account):
    account.send("14")
    account.set(inbound_url="https://coachbot.example/x", sender_status="OFFLINE")
    listed = account.request("GET", SENDERS, params={"Channel": "whatsapp"}).json()["senders"]

    mine = next(one for one in listed if one["sender_id"] == SENDER)
    shown = account.request("GET", f"{SENDERS}/{mine['sid']}").json()
    assert (mine["status"], "webhook" in mine) == ("OFFLINE", False)
    assert shown["webhook"]["callback_url"] == "https://coachbot.example/x"
    assert shown["offline_reasons"][0]["code"] == "63020"
    assert account.request("GET", f"{SENDERS}/XE1").status_code == 404


def test_senders_are_those_that_were_set_up(account):
    account.set(senders=["whatsapp:+15550000001"])

    listed = account.request("GET", SENDERS).json()["senders"]
    assert [one["sender_id"] for one in listed] == ["whatsapp:+15550000001"]


def test_service_has_an_address_of_its_own_or_not(account):
    service = f"/v1/Services/MG{'a' * 32}"

    assert account.request("GET", service).json()["use_inbound_webhook_on_number"] is True
    account.set(service_inbound_url="https://coachbot.example/y")
    shown = account.request("GET", service).json()
    assert shown["inbound_request_url"] == "https://coachbot.example/y"
    assert account.request("GET", f"/v1/Services/MG{'0' * 32}").status_code == 404


@pytest.mark.parametrize(
    "sid, status",
    [
        (TEMPLATE, "approved"),
        ("HX11111111", "pending"),
        ("HX22222222", "rejected"),
        ("HX33333333", "paused"),
        ("HX44444444", "disabled"),
    ],
)
def test_template_begins_with_what_meta_says_of_it(account, sid, status):
    shown = account.request("GET", f"{CONTENT}/{sid}/ApprovalRequests").json()["whatsapp"]

    assert shown["status"] == status
    assert bool(shown["rejection_reason"]) is (status == "rejected")


def test_missing_template_is_20404(account):
    for path in ("HX00000000", "HX00000000/ApprovalRequests"):
        assert account.request("GET", f"{CONTENT}/{path}").json()["code"] == 20404


def test_template_that_was_made_is_sent_as_it_was_worded(account):
    body = "Hello {{1}}, you wrote to us about {{2}} today, and here we are."
    wanted = {"language": "en", "types": {"twilio/text": {"body": body}}}
    wanted |= {"friendly_name": "opener", "variables": {"1": "John", "2": "rowing"}}
    made = account.request("POST", CONTENT, json=wanted)
    sid = made.json()["sid"]
    path = f"{CONTENT}/{sid}/ApprovalRequests/whatsapp"
    asked = account.request("POST", path, json={"name": "opener", "category": "UTILITY"})

    told = account.send("14", ContentSid=sid, ContentVariables='{"1": "Jane"}').json()
    assert (made.status_code, asked.status_code) == (201, 201)
    assert asked.json()["status"] == "received"
    assert told["body"] == "Hello Jane, you wrote to us about rowing today, and here we are."


@pytest.mark.parametrize("path", [CONTENT, f"{CONTENT}/{TEMPLATE}/ApprovalRequests/whatsapp"])
def test_template_that_says_too_little_is_refused(account, path):
    assert account.request("POST", path, data="{}").status_code == 400


def test_typing_is_shown(account):
    form = {"channel": "whatsapp", "messageId": "SM1"}

    assert account.request("POST", "/v2/Indicators/Typing.json", data=form).json() == {
        "success": True
    }
