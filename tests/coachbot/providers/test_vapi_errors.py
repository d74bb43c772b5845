"""What failures mean in plain words: every refusal of the sandbox is a known one."""

import pytest

from coachbot.providers import Refused, Unclear, Unreachable
from coachbot.providers.vapi.errors import CAUSES
from tests.client import Api
from tests.factories import make_account, make_key, make_phone, make_workspace
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


def code_of_refusal(workspace) -> str:
    """Return what the log says of the latest submission that came to nothing."""
    row = workspace.log.filter(kind="api_request", status_code=502).latest("id")
    assert CAUSES.explain(row.error_code).title
    return row.error_code


@pytest.mark.parametrize(("ending", "name"), REFUSALS.items())
def test_refusal_is_explained(api, cast, ending, name):
    api.submit(phone=make_phone(ending))

    assert code_of_refusal(cast.workspace) == f"vapi.{name}"
    assert CAUSES.explain(f"vapi.{name}").name == name


def test_account_that_is_not_connected_is_explained(web):
    workspace = make_workspace()

    Api(web.base_url, make_key(workspace)).submit()

    assert code_of_refusal(workspace) == "vapi.not_connected"


def test_wrong_key_is_explained(web, cast):
    credentials.connect_vapi(cast.workspace, make_account(api_key="public-key"))

    Api(web.base_url, cast.key).submit()

    assert code_of_refusal(cast.workspace) == "vapi.invalid_key"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unreachable("Vapi /call failed."), "vapi.unreachable"),
        (Unclear("Vapi /call failed."), "vapi.silent"),
        (Unclear("Vapi /call failed.", status=500, response="{}"), "vapi.outage"),
        (Unclear("Vapi /call failed.", status=408, response=""), "vapi.silent"),
        (Refused("Vapi /call failed.", status=402, response="{}"), "vapi.no_balance"),
        (Refused("", status=400, response="property x should not exist"), "vapi.our_request"),
        (Refused("", status=418, response="teapot"), "vapi.unknown"),
        # What we say around the answer decides nothing.
        (Refused("No balance, no credits.", status=418, response="teapot"), "vapi.unknown"),
    ],
)
def test_other_failures_are_explained(error, code):
    assert CAUSES.classify(error) == code


def test_code_that_nobody_knows_is_explained_as_unknown():
    assert CAUSES.explain("vapi.of_next_year").name == "unknown"
