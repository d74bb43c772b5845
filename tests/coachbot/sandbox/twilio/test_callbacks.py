"""Status callbacks: their fields, their order, and how they go astray."""

import time

import pytest

from coachbot.sandbox.server import Sandbox
from tests.coachbot.sandbox.twilio.client import Client, wait_until

# As captured from Twilio's sandbox, 2026-09-25.
ALWAYS = {
    *("ApiVersion", "AccountSid", "MessageSid", "SmsSid", "MessageStatus", "SmsStatus"),
    *("ChannelPrefix", "ChannelInstallSid", "ChannelToAddress", "From", "To"),
}
COURSE = ("sent", "delivered", "read")


def test_callbacks_have_the_fields_of_captured_ones(account):
    account.send("13")
    account.settled(*COURSE)

    sent, delivered, read = (one.fields for one in account.ear.heard)
    assert set(sent) == ALWAYS | {"StructuredMessage"}
    assert set(delivered) == set(read) == ALWAYS | {"ExternalUserId"}
    assert sent["ChannelToAddress"] == "+44770090XXXX"
    assert account.ear.heard[0].headers["Content-Type"].endswith("; charset=utf-8")


def test_callbacks_come_doubled(account):
    account.send("74")

    account.settled("sent", "sent", "delivered", "delivered", "read", "read")


def test_callbacks_overtake_each_other(account):
    account.send("75")

    account.settled("read", "delivered", "sent")
    [message] = account.twilio.sent(account.sid)
    assert message.status == "read"


def test_callbacks_never_come_and_the_message_can_be_fetched(account):
    sid = account.send("77").json()["sid"]

    wait_until(lambda: account.get(f"/Messages/{sid}.json").json()["status"] == "read")
    assert account.ear.heard == []


def test_callbacks_come_late(ear):
    with Sandbox(pace=0.001) as slow:
        account = Client(slow, ear)
        account.set(late_by=300.0)
        started = time.monotonic()
        account.send("76")
        wait_until(lambda: account.twilio.sent(account.sid)[0].status == "read")
        assert ear.heard == []
        account.settled(*COURSE)

    assert time.monotonic() - started > 0.3


@pytest.mark.parametrize(
    "telling, told", [("doubled", 6), ("shuffled", 3), ("in_order", 3), ("late", 3)]
)
def test_account_says_how_all_its_callbacks_come(account, telling, told):
    account.set(telling=telling)
    account.send("13")

    wait_until(lambda: len(account.ear.statuses()) == told)


def test_no_callback_is_asked_for_and_none_comes(account):
    sid = account.send("13", StatusCallback="").json()["sid"]

    wait_until(lambda: account.get(f"/Messages/{sid}.json").json()["status"] == "read")
    assert account.ear.heard == []


def test_template_that_is_paused_fails(account):
    account.set(template_status="paused")
    account.send("13")

    assert account.settled("failed") == ["63041"]
