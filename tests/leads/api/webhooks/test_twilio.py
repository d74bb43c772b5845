"""Twilio's webhooks: who may come in, what is answered, and that nothing else is written."""

import secrets
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from django.http import QueryDict

from coachbot.providers.twilio import signature
from leads.models import Message
from tests.factories import make_lead
from tests.written import make_written

INVALID = {"ok": False, "error": "Invalid signature."}


@dataclass
class Poster:
    """Posts to a workspace's webhooks as Twilio does."""

    written: Any
    base_url: str

    def post(self, path, *, token=None, url=None, headers=None, raw=None, **fields):
        told = {
            "AccountSid": self.written.account.account_sid,
            "MessageSid": f"SM{secrets.token_hex(16)}",
            "From": "whatsapp:+447700900123",
            "To": self.written.account.from_,
            **fields,
        }
        body = requests.models.RequestEncodingMixin._encode_params(told) if raw is None else raw
        signed = signature.sign(
            url or f"{self.base_url}{path}",
            QueryDict(body),
            token or self.written.account.auth_token,
        )
        return requests.post(
            f"{self.base_url}{path}",
            data=body,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": signed,
                **(headers or {}),
            },
            timeout=60,
        )


@pytest.fixture
def poster(written, written_web):
    return Poster(written, written_web.base_url)


def paths(written, kind):
    return (f"/api/whatsapp/{kind}", f"/api/whatsapp/{written.workspace.slug}/{kind}")


def stored(written) -> list[str]:
    return list(Message.objects.filter(workspace=written.workspace).values_list("body", flat=True))


def test_a_message_is_stored_and_answered_with_an_empty_document(poster, written):
    for number, path in enumerate(paths(written, "inbound")):
        response = poster.post(path, Body=f"Grüße {number} 👍 a+b")

        assert (response.status_code, response.text) == (200, "<Response/>")
        assert response.headers["Content-Type"].startswith("text/xml")
    assert sorted(stored(written)) == ["Grüße 0 👍 a+b", "Grüße 1 👍 a+b"]


@pytest.mark.parametrize("kind", ["inbound", "status"])
def test_what_is_not_signed_is_refused_and_nothing_is_written(poster, written, kind):
    rows = written.workspace.log.count()
    for path in paths(written, kind):
        for wrong in (
            {"token": "another"},
            {"headers": {"X-Twilio-Signature": ""}},
            {"AccountSid": f"AC{'0' * 32}"},
            {"url": f"https://elsewhere.example{path}"},
        ):
            response = poster.post(path, Body="Hello", MessageStatus="sent", **wrong)

            assert (response.status_code, response.json()) == (403, INVALID), (path, wrong)
    assert stored(written) == [] and written.workspace.log.count() == rows


def test_unknown_numbers_and_slugs_are_answered_alike(poster):
    unknown = poster.post("/api/whatsapp/inbound", To="whatsapp:+15550000000")
    nowhere = poster.post("/api/whatsapp/no-such-workspace/inbound")

    assert unknown.json() == nowhere.json() == INVALID
    assert unknown.status_code == nowhere.status_code == 403


@pytest.mark.parametrize("name", ["To", "From", "AccountSid", "MessagingServiceSid"])
@pytest.mark.parametrize("kind", ["inbound", "status"])
def test_fields_that_no_database_takes_are_no_fault(poster, written, kind, name):
    for path in paths(written, kind):
        answer = poster.post(path, token="wrong", raw=f"{name}=%00%ED%A0%80&MessageSid=x")

        assert (answer.status_code, answer.json()) == (403, INVALID)


def test_another_workspaces_signature_opens_nothing(poster, written, written_web, sandbox):
    other = make_written(sandbox, written_web)

    response = poster.post(
        f"/api/whatsapp/{other.workspace.slug}/inbound", AccountSid=other.account.account_sid
    )

    assert response.status_code == 403 and stored(other) == []


def test_the_host_that_a_proxy_names_plays_no_part(poster, written):
    path = paths(written, "inbound")[0]

    headers = {"X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Proto": "https"}
    response = poster.post(path, Body="Hello", headers=headers)

    assert response.status_code == 200


def test_the_query_is_signed_as_it_was_sent(poster, written):
    path = f"{paths(written, 'inbound')[1]}?a=%C3%BC%20b&a=2&empty="

    assert poster.post(path, Body="Hello").status_code == 200


def test_the_same_message_twice_is_stored_once(poster, written):
    sid = f"SM{secrets.token_hex(16)}"
    for path in (*paths(written, "inbound"), *paths(written, "inbound")):
        assert poster.post(path, MessageSid=sid, Body="Once").status_code == 200

    assert stored(written) == ["Once"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"MessageSid": ""}, 400),
        ({"From": "+447700900123"}, 400),
        ({"Body": "x" * 70_000}, 413),
        ({"SmsStatus": "sent"}, 400),
    ],
)
def test_what_is_no_message_is_said_to_be_none(poster, written, fields, status):
    response = poster.post(paths(written, "inbound")[1], **fields)

    assert response.status_code == status and response.json()["ok"] is False
    assert stored(written) == []


def test_many_fields_are_refused_before_they_are_read(poster, written):
    raw = "&".join(f"f{number}=1" for number in range(600))

    assert poster.post(paths(written, "inbound")[1], raw=raw).status_code == 413


def test_other_methods_are_refused_in_the_envelope(written, written_web):
    for path in paths(written, "inbound"):
        response = requests.get(f"{written_web.base_url}{path}", timeout=60)

        assert response.status_code in (403, 405) and response.json()["ok"] is False


def test_status_of_an_unknown_message_changes_nothing(poster, written):
    for path in paths(written, "status"):
        response = poster.post(path, From=written.account.from_, MessageStatus="delivered")

        assert (response.status_code, response.text) == (200, "<Response/>")
    assert stored(written) == []


def test_lead_of_another_workspace_with_the_same_phone_gets_nothing(
    poster, written, written_web, sandbox
):
    other = make_written(sandbox, written_web)
    make_lead(other.workspace, phone="+447700900123")

    poster.post(paths(written, "inbound")[0], Body="Hello")

    assert stored(other) == [] and stored(written) == ["Hello"]
