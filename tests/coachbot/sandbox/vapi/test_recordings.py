"""Recordings: a link for a minute, to whoever may read the call."""

import io
import wave
from datetime import UTC, datetime, timedelta

import requests

from coachbot.sandbox.server import Sandbox
from tests.coachbot.sandbox.vapi.client import make_client


def link_of(client):
    call_id = client.call().json()["id"]
    response = client.get(f"/call/{call_id}/mono-recording")
    assert response.status_code == 302
    return response.headers["Location"]


def test_link_leads_to_one_second_of_sound(sandbox, client):
    link = link_of(client)

    response = requests.get(link, timeout=2)

    assert link.startswith(f"{sandbox.base_url}/recordings/")
    assert response.headers["Content-Type"] == "audio/wav"
    with wave.open(io.BytesIO(response.content)) as sound:
        assert sound.getnframes() == sound.getframerate()


def test_wrong_token_is_forbidden(client):
    link = link_of(client)

    assert requests.get(link + "0", timeout=2).status_code == 403
    assert requests.get(link.partition("?")[0], timeout=2).status_code == 403


def test_token_of_another_call_is_forbidden(client):
    own, other = link_of(client), link_of(client)

    mixed = own.partition("?")[0] + "?" + other.partition("?")[2]

    assert requests.get(mixed, timeout=2).status_code == 403


def test_link_expires_after_a_minute():
    moments = [datetime(2026, 9, 20, tzinfo=UTC)]
    with Sandbox(now=lambda: moments[-1]) as sandbox:
        link = link_of(make_client(sandbox))

        moments.append(moments[0] + timedelta(seconds=61))

        assert requests.get(link, timeout=2).status_code == 403


def test_unknown_call_has_no_recording(client):
    path = "/call/0d5b62f1-8f64-4f7b-a8c1-6a3ad4a6a111/mono-recording"

    assert client.get(path).status_code == 404
