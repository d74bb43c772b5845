"""X-Twilio-Signature, against published vectors and against Twilio's own check."""

import random
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from twilio.request_validator import RequestValidator

from coachbot.providers.twilio.signature import is_authentic, sign

# Of the tests of Twilio's SDK.
TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
DOUBLED = [
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
]
# Of ours: what WhatsApp sends.
OURS = "https://coachbot.example/api/whatsapp/inbound"
SID = "SM" + "1" * 32
MESSAGE = {
    "AccountSid": "AC" + "0" * 32,
    "ApiVersion": "2010-04-01",
    "Body": "Grüße 👍 a+b",
    "From": "whatsapp:+447700900123",
    "MessageSid": SID,
    "SmsSid": SID,
    "SmsMessageSid": SID,
    "MessageType": "text",
    "NumMedia": "0",
    "NumSegments": "1",
    "ProfileName": "Jane Doe",
    "SmsStatus": "received",
    "To": "whatsapp:+15557122661",
    "WaId": "447700900123",
}
VECTORS = [
    (TOKEN, URL, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (TOKEN, URL.replace(".com/", ".com:443/"), CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    (TOKEN, URL, DOUBLED, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    ("coachbot-test-token", OURS, MESSAGE, "hii1UN7n8RjG9vlgjzOFt8a/1vc="),
    ("coachbot-test-token", OURS, {**MESSAGE, "Body": ""}, "ah7XCIU4U9OxyW441qwwRX/gX8M="),
]
ODD_TEXTS = ["", " ", "\x00", "é", "👍🏽", "a+b&c=d", "%2B", "\r\n", "﻿", "x" * 2_000, "ﬁ", "Ａ"]


def form(fields) -> QueryDict:
    return QueryDict(urlencode(fields))


@pytest.mark.parametrize(("token", "url", "fields", "signature"), VECTORS)
def test_published_vectors_are_ours(token, url, fields, signature):
    assert sign(url, form(fields), token) == signature
    assert is_authentic(signature, url, form(fields), token)


@pytest.mark.parametrize("port", ["", ":443", ":1234"])
def test_port_of_the_address_makes_no_difference(port):
    url = URL.replace(".com/", f".com{port}/")

    assert is_authentic("RSOYDt4T1cUTdK1PDd93/VVr8B8=", url, form(CALL), TOKEN)
    signed_with_port = sign(URL.replace(".com/", ".com:443/"), form(CALL), TOKEN)
    assert is_authentic(signed_with_port, URL, form(CALL), TOKEN)


def test_what_stands_behind_the_number_sign_is_not_signed():
    signature = sign(OURS, form(MESSAGE), "t")

    assert is_authentic(signature, f"{OURS}#rc=5&rp=all", form(MESSAGE), "t")


@pytest.mark.parametrize(
    "change",
    [
        {"Body": "Grüße 👍 a b"},
        {"To": "whatsapp:+15557122662"},
        {"Extra": ""},
        {"Extra": "1"},
    ],
)
def test_another_field_is_another_signature(change):
    signature = sign(OURS, form(MESSAGE), "t")

    assert not is_authentic(signature, OURS, form({**MESSAGE, **change}), "t")


@pytest.mark.parametrize(
    "signature",
    ["", " ", "hii1UN7n8RjG9vlgjzOFt8a/1vc", "\x00", "é", "\ud800", "x" * 100_000, "=" * 28],
)
def test_anything_else_is_no_signature(signature):
    assert not is_authentic(signature, OURS, form(MESSAGE), "coachbot-test-token")


def test_another_token_or_address_is_refused():
    signature = sign(OURS, form(MESSAGE), "t")

    assert not is_authentic(signature, OURS, form(MESSAGE), "u")
    assert not is_authentic(signature, f"{OURS}/", form(MESSAGE), "t")
    assert not is_authentic(signature, f"{OURS}?m=1", form(MESSAGE), "t")
    assert not is_authentic(signature, OURS.replace("https", "http"), form(MESSAGE), "t")


def test_twilios_own_check_agrees_about_any_form():
    """500 forms of odd names and values, some of them twice, with a fixed seed."""
    chance = random.Random(20261127)
    for _ in range(500):
        names = ["Body", "body", "Body1", *ODD_TEXTS[:9]]
        pairs = [
            (chance.choice(names), chance.choice(ODD_TEXTS)) for _ in range(chance.randrange(12))
        ]
        fields, token = form(pairs), chance.choice(["t", "é", "0" * 32])
        url = chance.choice([URL, OURS, f"{OURS}?m=%C3%A9%20&n=", f"{OURS}?m=1#rc=5"])
        plain = url.partition("#")[0]
        theirs = RequestValidator(token)

        assert sign(plain, fields, token) == theirs.compute_signature(plain, fields)
        assert theirs.validate(plain, fields, sign(plain, fields, token))
        assert is_authentic(theirs.compute_signature(plain, fields), url, fields, token)
