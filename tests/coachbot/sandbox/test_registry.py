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
    ],
)
def test_longest_path_that_fits_decides(path, name):
    assert registry.name_for(path) == name


def test_each_provider_answers_in_its_own_words(sandbox):
    shapes = [
        requests.get(sandbox.base_url + path, timeout=2).json() for path in ("/none", "/v2/none")
    ]

    assert shapes[0]["message"] == "Cannot GET /none"
    assert shapes[1]["error"]["message"] == "Cannot GET /v2/none"
