"""What Twilio says of an account, part by part, over real HTTP."""

import json
import secrets

import pytest

from coachbot.providers.transport import Door
from coachbot.providers.twilio.account import verify_account
from coachbot.providers.twilio.asking import SANDBOX_SENDER, Account
from tests.providers import JSON, OddProvider

URL = "https://coachbot.example/api/whatsapp/acme/inbound#rc=5&rp=all"
SENDER = "whatsapp:+15557122661"
OPENER, FOLLOW_UP = "HX" + "a" * 32, "HX" + "b" * 32


@pytest.fixture(autouse=True)
def twilio_is_the_sandbox(settings, sandbox):
    settings.PUBLIC_BASE_URL = "https://coachbot.example"
    settings.TWILIO_BASE_URL = sandbox.base_url
    settings.TWILIO_MESSAGING_BASE_URL = settings.TWILIO_CONTENT_BASE_URL = sandbox.base_url


@pytest.fixture
def verify(sandbox):
    """Return what verifies an account that is set up in a way. Gives (is_fine, sentence) pairs."""

    def asked(from_=SENDER, token="token", opener=OPENER, follow_up=FOLLOW_UP, **setup):
        account = Account(f"AC{secrets.token_hex(16)}", token, from_, opener, follow_up)
        told = {"inbound_url": URL, "senders": (SENDER,), **setup}
        sandbox.providers["twilio"].memory.set(account.account_sid, **told)
        found = verify_account(Door(), account, events_url=URL)
        return [(finding.is_fine, finding.sentence) for finding in found]

    return asked


def said(found, is_fine):
    return " ".join(sentence for fine, sentence in found if fine is is_fine)


def test_account_that_is_right_says_so_of_each_part(verify):
    assert verify() == [
        (True, "The account is active: Sandbox account."),
        (True, "The sender +15557122661 is online, quality high, at most 10K Customers/24hr."),
        (True, "Twilio sends us what leads write."),
        (True, "The opener template is approved."),
        (True, "The follow-up template is approved."),
    ]


def test_wrong_token_says_nothing_of_the_rest(verify):
    [(is_fine, sentence)] = verify(token="wrong-1")

    assert is_fine is False
    assert "does not accept the account SID with this auth token" in sentence


def test_trial_is_a_catch(verify):
    assert "verified in Twilio's console" in said(verify(kind="Trial"), None)


def test_account_that_is_closed_cannot_send(verify):
    assert "is closed, so it cannot send" in said(verify(status="closed"), False)


def test_sender_that_is_offline_says_why(verify):
    wrong = said(verify(sender_status="OFFLINE"), False)

    assert "Twilio says that it is offline. The business is not verified." in wrong


def test_sender_of_nobody_is_wrong(verify):
    wrong = said(verify(senders=("whatsapp:+15550001111",)), False)

    assert "+15557122661 is no WhatsApp sender of this account" in wrong


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "the sender has no address for incoming messages"),
        ("https://other.example/x", "the sender has another address"),
        (URL.partition("#")[0], "but not again where this server was away"),
    ],
)
def test_address_that_is_not_ours_is_a_catch(verify, url, sentence):
    catch = said(verify(inbound_url=url), None)

    assert sentence in catch and URL in catch


def test_address_of_all_workspaces_is_ours_too(verify):
    shared = "https://coachbot.example/api/whatsapp/inbound#rc=5&rp=all"

    assert "Twilio sends us what leads write." in said(verify(inbound_url=shared), True)


def test_service_has_its_own_address(verify):
    service = "MG" + "5" * 32

    right = said(verify(from_=service, service_inbound_url=URL), True)
    catch = said(verify(from_=service), None)

    assert "The Messaging Service is there" in right and "Twilio sends us" in right
    assert f"Enter {URL} at the sender." in catch


def test_service_that_is_not_there_is_wrong(verify):
    assert "knows no Messaging Service MG000" in said(verify(from_="MG" + "0" * 32), False)


def test_twilios_sandbox_is_said_as_such(verify):
    found = verify(from_=SANDBOX_SENDER, opener="HX11111111" + "0" * 24)

    assert "The sender is Twilio's sandbox" in said(found, None)
    assert said(found, False) == ""  # its templates are Twilio's own


@pytest.mark.parametrize(
    ("begin", "sentence"),
    [
        ("HX00000000", "Twilio knows no template"),
        ("HX11111111", "approval is pending. Wait"),
        ("HX22222222", "approval is rejected."),
        ("HX33333333", "approval is paused. Have another template approved"),
        ("HX44444444", "approval is disabled. Have another template approved"),
    ],
)
def test_template_that_cannot_be_sent_is_wrong(verify, begin, sentence):
    assert sentence in said(verify(opener=begin + "a" * 24), False)


def test_no_follow_up_template_is_a_catch(verify):
    assert "There is no follow-up template" in said(verify(follow_up=""), None)


def test_provider_that_is_away_is_no_answer(settings):
    for name in ("TWILIO_BASE_URL", "TWILIO_MESSAGING_BASE_URL", "TWILIO_CONTENT_BASE_URL"):
        setattr(settings, name, "http://127.0.0.1:9")

    found = verify_account(Door(), Account("AC1", "t", SENDER, OPENER), events_url=URL)

    assert [one.is_answer for one in found[:3]] == [False, False, False]
    assert "The account could not be checked." in found[0].sentence


def test_sender_whose_row_tells_little_is_asked_for_by_itself(settings):
    row = {"sid": "XE" + "1" * 32, "sender_id": SENDER, "status": "ONLINE"}
    own = {**row, "webhook": {"callback_url": URL}}

    def answer(path, body):
        told = own if f"Senders/{row['sid']}" in path else {"senders": [row]}
        return 200, JSON, json.dumps(told).encode()

    with OddProvider(answer) as provider:
        settings.TWILIO_MESSAGING_BASE_URL = provider.base_url
        account = Account(f"AC{secrets.token_hex(16)}", secrets.token_hex(16), SENDER, OPENER)
        found = verify_account(Door(), account, events_url=URL)

    assert "Twilio sends us what leads write." in [one.sentence for one in found]
