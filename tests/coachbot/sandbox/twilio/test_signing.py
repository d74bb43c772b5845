"""X-Twilio-Signature against Twilio's own package, and against the vectors of the sheet."""

import pytest
from twilio.request_validator import RequestValidator

from coachbot.sandbox.twilio.webhooks import signing
from tests.coachbot.sandbox.twilio.client import TOKEN

URL = "https://coachbot.example/api/whatsapp/inbound"
FIELDS = {
    **dict.fromkeys(("MessageSid", "SmsSid", "SmsMessageSid"), "SM" + "1" * 32),
    **{"AccountSid": "AC" + "0" * 32, "ApiVersion": "2010-04-01", "Body": "Grüße 👍 a+b"},
    **{"From": "whatsapp:+447700900123", "MessageType": "text", "NumMedia": "0"},
    **{"NumSegments": "1", "ProfileName": "Jane Doe", "SmsStatus": "received"},
    **{"To": "whatsapp:+15557122661", "WaId": "447700900123"},
}


@pytest.mark.parametrize(
    "fields, signature",
    [
        (FIELDS, "hii1UN7n8RjG9vlgjzOFt8a/1vc="),
        ({**FIELDS, "Body": ""}, "ah7XCIU4U9OxyW441qwwRX/gX8M="),
    ],
)
def test_signature_is_that_of_the_vectors(fields, signature):
    assert signing.sign(URL, fields.items(), "coachbot-test-token") == signature


def heard_by(account, **said):
    account.set(inbound_url=f"{account.ear.url}/inbound#rc=5&rp=all")
    account.write(body="Grüße 👍 a+b", **said)
    return account.ear.inbound()[0]


def is_valid(account, heard, url=None):
    signature = heard.headers.get("X-Twilio-Signature", "")
    url = url or f"{account.ear.url}/inbound"
    return RequestValidator(TOKEN).validate(url, heard.fields, signature)


def test_webhook_is_signed_without_the_fragment(account):
    heard = heard_by(account)

    assert is_valid(account, heard)
    assert not is_valid(account, heard, f"{account.ear.url}/other")


def test_status_is_signed_with_its_query(account):
    account.send("14")
    account.settled("sent", "delivered")

    assert is_valid(account, account.ear.heard[0], f"{account.ear.url}/status?m=1")
    assert not is_valid(account, account.ear.heard[0], f"{account.ear.url}/status?m=2")


@pytest.mark.parametrize("signing", ["wrong", "none"])
def test_signature_is_wrong_or_missing_where_that_is_asked_for(account, signing):
    heard = heard_by(account, signing=signing)

    assert not is_valid(account, heard)
    assert ("X-Twilio-Signature" in heard.headers) is (signing == "wrong")


def test_url_is_signed_with_the_port_that_its_scheme_means():
    assert signing.with_port("https://a.example/x?y=1") == "https://a.example:443/x?y=1"
    assert signing.with_port("http://a.example/x") == "http://a.example:80/x"
    assert signing.with_port("http://a.example:8000/x") == "http://a.example:8000/x"


def test_unknown_fields_are_signed_too(account):
    account.set(extra=True)

    assert is_valid(account, heard_by(account))


def test_token_that_came_last_signs(account):
    heard_by(account)
    account.token = "another-token"
    account.write(body="Hi")

    heard = account.ear.inbound()[-1]
    assert RequestValidator("another-token").validate(
        f"{account.ear.url}/inbound", heard.fields, heard.headers["X-Twilio-Signature"]
    )
