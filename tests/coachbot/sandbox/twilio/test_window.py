"""Free text reaches a lead for 24 hours after it wrote, by Twilio's own clock."""

from datetime import timedelta

from coachbot.sandbox.clock import utc_now
from coachbot.sandbox.server import Sandbox
from tests.coachbot.sandbox.twilio.client import Client


def test_free_text_outside_is_accepted_and_fails(account):
    assert account.send("13", Body="Hello?").status_code == 201

    assert account.settled("failed") == ["63016"]


def test_free_text_inside_is_delivered(account):
    account.set(inbound_url=f"{account.ear.url}/inbound")
    account.write("13", body="Hi")
    account.send("13", Body="Hello!")

    assert account.settled("sent", "delivered", "read") == [None] * 3


def test_template_does_not_open_the_window(account):
    account.send("14")
    account.settled("sent", "delivered")
    account.send("14", Body="Hello?")

    assert account.settled("sent", "delivered", "failed")[2] == "63016"


def test_window_is_that_of_a_sender_and_a_lead(account):
    account.set(inbound_url=f"{account.ear.url}/inbound")
    account.write("13", body="Hi", to="whatsapp:+15550000002")
    account.send("13", Body="Hello?")

    assert account.settled("failed") == ["63016"]


def test_twenty_five_hours_pass_when_they_are_asked_for(account):
    account.set(inbound_url=f"{account.ear.url}/inbound")
    account.write("13", body="Hi")
    asked = {"from": "+447700900013", "to": "whatsapp:+15551234567", "hours": 25}
    answer = account.request("POST", "/sandbox/whatsapp/later", json=asked)
    account.send("13", Body="Hello?")

    assert answer.json() == {"is_open": False}
    assert account.settled("failed") == ["63016"]


def test_window_ends_after_24_hours_to_the_minute(ear):
    now = utc_now()
    with Sandbox(pace=0, now=lambda: now) as sandbox:
        account = Client(sandbox, ear)
        account.write("13", body="Hi", delivered=False)
        now += timedelta(hours=23, minutes=59)
        account.send("13", Body="In time")
        account.settled("sent", "delivered", "read")
        now += timedelta(minutes=2)
        account.send("13", Body="Too late")

        assert account.settled("sent", "delivered", "read", "failed")[3] == "63016"
