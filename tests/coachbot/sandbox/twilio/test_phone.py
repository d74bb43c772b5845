"""/sandbox/phone: a person reads and writes as the lead, and enters what the console would hold."""

import pytest
import requests

from tests.coachbot.sandbox.twilio.client import wait_until

LEAD = "+447700900013"


@pytest.fixture
def page(account):
    """What the page says, and what it says after a form was sent."""

    def ask(**entered):
        url = f"{account.base_url}/sandbox/phone"
        if entered:
            entered = {"account": account.sid, "lead": LEAD, **entered}
            return requests.post(url, data=entered, timeout=5).text
        return requests.get(url, params={"account": account.sid, "lead": LEAD}, timeout=5).text

    return ask


def test_page_shows_what_was_sent_and_how_it_stands(account, page):
    account.send("13")
    account.settled("sent", "delivered", "read")

    told = page()
    assert "Hi Jane, this is Sample Studio." in told and "template, read" in told
    assert "status: delivered" in told and "Nobody was written to yet" not in told
    assert "only an approved template reaches it" in told


def test_person_writes_as_the_lead(account, page):
    account.send("13")
    told = page(body="<b>Hi</b>", deed="write")

    assert account.ear.bodies() == ["<b>Hi</b>"]
    assert "&lt;b&gt;Hi&lt;/b&gt;" in told and "Free text reaches the lead until" in told
    assert "You write for this lead." in told


@pytest.mark.parametrize(
    "deed, kind, body",
    [
        ("voice", "audio", ""),
        ("picture", "image", ""),
        ("location", "location", ""),
        ("contact", "contacts", ""),
        ("button", "interactive", "Yes, please"),
        ("stop", "text", "STOP"),
        ("start", "text", "START"),
    ],
)
def test_button_sends_what_stands_on_it(account, page, deed, kind, body):
    account.send("13")
    page(deed=deed)

    fields = account.ear.inbound()[0].fields
    assert (fields["MessageType"], fields["Body"]) == (kind, body)


def test_twenty_five_hours_pass(account, page):
    account.send("13")
    page(body="Hi")
    told = page(deed="later")
    account.send("13", Body="Hello?")

    assert "25 hours passed" in told and "now only an approved template does" in told
    wait_until(lambda: ("failed", "63016") in account.ear.statuses())
    assert "63016: Failed to send freeform message" in page()


def test_lead_answers_by_itself_again(account, page):
    account.send("13")
    page(body="Hi")

    assert "The lead answers by itself from now on." in page(deed="alone")
    assert not account.twilio.memory.is_by_hand(account.sid, f"whatsapp:{LEAD}")


def test_console_keeps_sender_and_address(account, page):
    told = page(
        deed="set_up",
        token="t",
        sender="+1 555 000 0001",
        inbound_url=f"{account.ear.url}/inbound",
    )
    page(body="Hi")

    assert "Saved, as in Twilio" in told and "+15550000001" in told
    assert account.ear.bodies() == ["Hi"]


@pytest.mark.parametrize(
    "entered, said",
    [
        ({"account": "x"}, "Enter an account SID"),
        ({"lead": "0790"}, "Enter the number of the lead"),
        ({"body": ""}, "Write something first."),
        ({"body": "Hi"}, "Nobody is told yet"),
    ],
)
def test_page_says_what_is_missing(page, entered, said):
    assert said in page(**entered)


def test_page_tells_that_a_webhook_was_refused(account, page):
    account.send("13")
    account.settled("sent", "delivered", "read")
    account.ear.answers[:] = [403]

    assert "Coachbot answered 403 to the webhook." in page(body="Hi")
