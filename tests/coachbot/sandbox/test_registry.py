"""Which provider a path means."""

import pytest
import requests

from coachbot.sandbox import registry


@pytest.mark.parametrize(
    "path, name",
    [
        ("/call", "vapi"),
        ("/anything", "vapi"),
        ("/v2", "vapi"),
        ("/v2/me", "calcom"),
        ("/v2/anything/call", "calcom"),
        ("/2010-04-01/Accounts/AC1.json", "twilio"),
        ("/v2/Channels/Senders", "twilio"),
        ("/v1/Content/HX1", "twilio"),
        ("/sandbox/whatsapp/inbound", "twilio"),
        ("/sandbox/phone", "twilio"),
        ("/sandbox/bookings", "calcom"),
        ("/sandbox/ring", "vapi"),
        ("/v1/chat/completions", "openai"),
        ("/v1/models", "openai"),
        ("/sandbox/model", "openai"),
    ],
)
def test_longest_path_that_fits_decides(path, name):
    assert registry.name_for(path) == name


def test_each_provider_answers_in_its_own_words(sandbox):
    shapes = [
        requests.get(sandbox.base_url + path, timeout=2).json()
        for path in ("/none", "/v2/none", "/2010-04-01/none", "/v1/chat/none")
    ]

    assert shapes[0]["message"] == "Cannot GET /none"
    assert shapes[1]["error"]["message"] == "Cannot GET /v2/none"
    assert shapes[2]["code"] == 20404
    assert shapes[3]["error"]["type"] == "invalid_request_error"
