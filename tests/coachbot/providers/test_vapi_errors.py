"""What failures mean in plain words: every refusal of the sandbox is a known one."""

import pytest

from coachbot.providers.vapi import errors as vapi_errors
from tests.client import Api
from tests.factories import make_account, make_cast, make_key, make_phone, make_workspace
from workspaces.connections import credentials

REFUSALS = {
    "40": "bad_number",
    "41": "assistant_missing",
    "42": "phone_number_missing",
    "43": "vapi_daily_limit",
    "44": "invalid_key",
    "45": "no_balance",
    "46": "blocked",
    "47": "rate_limited",
    "48": "concurrency",
    "49": "trial_account",
}


@pytest.mark.parametrize(("ending", "code"), REFUSALS.items())
def test_refusal_is_explained(api, ending, code):
    answer = api.submit(phone=make_phone(ending)).json()

    assert vapi_errors.explain(answer["message"]).code == code


def test_account_that_is_not_connected_is_explained(web):
    answer = Api(web.base_url, make_key(make_workspace())).submit().json()

    assert vapi_errors.explain(answer["message"]).code == "not_connected"


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ({"daily_call_limit": 0}, "workspace_daily_limit"),
        ({"allowed_countries": "FR"}, "country_not_allowed"),
    ],
)
def test_limit_of_the_workspace_is_explained(web, sandbox, limit, code):
    cast = make_cast(sandbox, **limit)

    answer = Api(web.base_url, cast.key).submit().json()

    assert vapi_errors.explain(answer["message"]).code == code


def test_wrong_key_is_explained(web, cast):
    credentials.connect_vapi(cast.workspace, make_account(api_key="public-key"))

    answer = Api(web.base_url, cast.key).submit().json()

    assert vapi_errors.explain(answer["message"]).code == "invalid_key"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Vapi /call failed: the provider could not be reached.", "unreachable"),
        ("Vapi /call failed: no answer within 8 seconds.", "silent"),
        ("Vapi /call failed (500): {}", "outage"),
        ("Vapi /call failed (402): {}", "no_balance"),
        ('Vapi /call failed (400): {"message":["property x should not exist"]}', "our_request"),
        ('Vapi /call failed (418): {"message":"teapot"}', "unknown"),
        ("", "unknown"),
    ],
)
def test_other_failures_are_explained(message, code):
    assert vapi_errors.explain(message).code == code
