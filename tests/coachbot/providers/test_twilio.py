"""Twilio over real HTTP: what is asked, and what each answer is taken for."""

import json
import secrets
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from coachbot.providers import Refused, Unclear, Unreachable
from coachbot.providers.transport import Door
from coachbot.providers.twilio import client as twilio
from coachbot.providers.twilio import errors
from tests.providers import JSON, OddProvider

SOON = {"timeout": 1.5}
SERVICE = "MG" + "5" * 32
TEMPLATE = "HX" + "a" * 32
NOWHERE = ""


@pytest.fixture(autouse=True)
def twilio_is_the_sandbox(settings, sandbox):
    settings.TWILIO_BASE_URL = sandbox.base_url


@pytest.fixture
def account():
    """An account that no other test uses, whose leads answer nothing."""
    return make_account()


def make_account(from_="whatsapp:+15557122661", token="token"):
    return twilio.Account(f"AC{secrets.token_hex(16)}", token, from_, TEMPLATE)


def number(ending):
    return f"whatsapp:+4477009001{ending}"


def send(account, ending="13", body="Hello", callback=NOWHERE, door=None, **options):
    return twilio.send_text(
        door or Door(),
        account,
        to=number(ending),
        body=body,
        callback_url=callback,
        **{**SOON, **options},
    )


def test_text_is_sent_and_found_by_its_sid(account):
    sent = send(account, body="Grüße & 👍 + 1 %")

    found = twilio.fetch_message(Door(), account, sent.sid, **SOON)
    assert sent.status == "queued"
    assert (found.sid, found.direction, found.to) == (sent.sid, "outbound-api", number("13"))
    assert found.body == "Grüße & 👍 + 1 %"
    assert abs(found.created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_template_is_sent_with_its_variables(account, sandbox):
    sent = twilio.send_template(
        *(Door(), account),
        to=number("13"),
        content_sid=TEMPLATE,
        variables={"1": "Jörg", "2": 'a "quoted" goal'},
        callback_url=NOWHERE,
        **SOON,
    )

    [message] = sandbox.providers["twilio"].sent(account.account_sid)
    assert (message.sid, message.content_sid) == (sent.sid, TEMPLATE)
    assert "Jörg" in message.body and 'a "quoted" goal' in message.body


def test_messaging_service_is_named_instead_of_a_sender():
    account = make_account(from_=SERVICE)

    assert send(account).status == "accepted"


def test_form_has_what_twilio_wants_and_nothing_more(settings, account):
    seen = []

    def answer(path, body):
        seen.append((path, parse_qs(body.decode(), strict_parsing=True)))
        return 201, JSON, json.dumps({"sid": "SM" + "1" * 32, "status": "queued"}).encode()

    with OddProvider(answer) as provider:
        settings.TWILIO_BASE_URL = provider.base_url
        send(account, callback="https://coachbot.example/api/whatsapp/x/status?m=1")

    assert seen == [
        (
            f"POST /2010-04-01/Accounts/{account.account_sid}/Messages.json",
            {
                "To": [number("13")],
                "From": ["whatsapp:+15557122661"],
                "Body": ["Hello"],
                "ValidityPeriod": ["3600"],
                "StatusCallback": ["https://coachbot.example/api/whatsapp/x/status?m=1"],
            },
        )
    ]


@pytest.mark.parametrize(
    ("ending", "error", "code", "twilios"),
    [
        ("40", Refused, "twilio.bad_number", "21211"),
        ("41", Refused, "twilio.trial", "21608"),
        ("42", Refused, "twilio.opted_out", "21610"),
        ("43", Refused, "twilio.our_request", "21617"),
        ("44", Refused, "twilio.key_refused", "20003"),
        ("45", Refused, "twilio.busy", "20429"),
        ("46", Refused, "twilio.sender_missing", "63007"),
        ("47", Refused, "twilio.template_wrong", "21655"),
        ("49", Refused, "twilio.window_closed", "63016"),
        ("50", Unclear, "twilio.outage", "20500"),
        ("51", Unclear, "twilio.outage", ""),
        ("54", Unclear, "twilio.silent", ""),
        ("60", Unclear, "twilio.silent", ""),
        ("61", Unclear, "twilio.silent", ""),
        ("62", Unclear, "twilio.silent", ""),
        ("63", Unclear, "twilio.silent", ""),
        ("64", Unclear, "twilio.silent", ""),
        ("65", Unclear, "twilio.outage", "20500"),
    ],
)
def test_failures_are_told_apart(account, ending, error, code, twilios):
    with pytest.raises((Refused, Unclear)) as caught:
        send(account, ending)

    assert (caught.type, caught.value.code) == (error, code)
    assert errors.code_of(caught.value) == twilios


def test_nobody_there_is_unreachable(settings, account):
    settings.TWILIO_BASE_URL = "http://127.0.0.1:9"

    with pytest.raises(Unreachable) as caught:
        send(account)

    assert caught.value.code == "twilio.unreachable"


def test_wrong_token_is_refused():
    with pytest.raises(Refused) as caught:
        send(make_account(token="wrong-token"))

    assert caught.value.code == "twilio.key_refused"


def test_message_that_is_not_there_is_refused(account):
    with pytest.raises(Refused) as caught:
        twilio.fetch_message(Door(), account, "SM" + "0" * 32, **SOON)

    assert caught.value.code == "twilio.not_found"


def test_lost_answer_is_found_in_the_list(account, sandbox):
    sandbox.providers["twilio"].memory.set(account.account_sid, list_lag=0.0)
    with pytest.raises(Unclear):
        send(account, "65", body="Only once")

    page = twilio.list_messages(Door(), account, to=number("65"), **SOON)

    assert [(one.body, one.direction) for one in page.messages] == [("Only once", "outbound-api")]
    assert page.next_url == ""


def test_list_is_read_page_by_page(account, sandbox, monkeypatch):
    sandbox.providers["twilio"].memory.set(account.account_sid, list_lag=0.0)
    monkeypatch.setattr(twilio, "PAGE_SIZE", 2)
    sids = {send(account, body=f"{n}").sid for n in range(3)}

    first = twilio.list_messages(Door(), account, **SOON)
    second = twilio.list_messages(Door(), account, page_url=first.next_url, **SOON)

    assert (len(first.messages), len(second.messages), second.next_url) == (2, 1, "")
    assert {one.sid for one in (*first.messages, *second.messages)} == sids


def test_list_is_asked_for_numbers_and_a_day(settings, account):
    seen = []

    def answer(path, body):
        seen.append(path)
        return 200, JSON, b'{"messages": []}'

    with OddProvider(answer) as provider:
        settings.TWILIO_BASE_URL = provider.base_url
        twilio.list_messages(
            *(Door(), account),
            to=number("13"),
            from_=account.from_,
            since=date(2026, 11, 27),
            **SOON,
        )

    [path] = seen
    assert parse_qs(path.partition("?")[2]) == {
        "To": [number("13")],
        "From": [account.from_],
        "DateSent>": ["2026-11-27"],
        "PageSize": ["50"],
    }


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/2010-04-01/Accounts/{sid}/Messages.json",
        "//evil.example/2010-04-01/Accounts/{sid}/Messages.json",
        "/2010-04-01/Accounts/AC0/Messages.json?Page=1",
        "/2010-04-01/Accounts/{sid}/Keys.json",
        "\\evil.example",
        "@evil.example/",
    ],
)
def test_token_goes_to_no_other_page(settings, account, uri):
    told = {"messages": [], "next_page_uri": uri.format(sid=account.account_sid)}
    with OddProvider(lambda path, body: (200, JSON, json.dumps(told).encode())) as provider:
        settings.TWILIO_BASE_URL = provider.base_url
        page = twilio.list_messages(Door(), account, **SOON)

    assert page.next_url == ""


def test_log_is_told_neither_text_nor_token(account):
    told = []

    send(account, body="a private goal", door=Door(told.append))

    [exchange] = told
    assert exchange.request.body == {
        "To": number("13"),
        "From": "whatsapp:+15557122661",
        "ValidityPeriod": "3600",
    }
    assert set(exchange.response) == {"sid", "status"}
    assert account.auth_token not in repr(account)


def test_token_that_an_answer_repeats_is_masked(settings):
    account = make_account(token="a-secret-token")
    body = b'{"code": 20003, "message": "a-secret-token is wrong"}'
    with OddProvider(lambda path, sent: (401, JSON, body)) as provider:
        settings.TWILIO_BASE_URL = provider.base_url
        with pytest.raises(Refused) as caught:
            send(account)

    assert "a-secret-token" not in str(caught.value) + caught.value.response
