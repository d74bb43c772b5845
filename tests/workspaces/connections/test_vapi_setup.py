"""python manage.py vapi_setup SLUG: what to enter in Vapi."""

import json
from io import StringIO

import pytest
import requests
from django.core.management import CommandError, call_command

from coachbot.sandbox.listeners import Listener
from tests.dashboard import text_of
from tests.factories import make_account, make_user, make_workspace
from workspaces.connections import own_secrets, vapi_setup

TOOLS = (
    *("updateLeadProfile", "listSlots", "bookConsult", "scheduleCallback", "markUnqualified"),
    *("escalateToHuman", "optOut", "endConversation"),
)


def setup(slug):
    output = StringIO()
    call_command("vapi_setup", slug, stdout=output)
    return json.loads(output.getvalue())


def test_urls_and_secret_are_printed_as_json(settings):
    settings.PUBLIC_BASE_URL = "https://coachbot.example"
    workspace = make_workspace()
    base = f"https://coachbot.example/api/vapi/{workspace.slug}"

    printed = setup(workspace.slug)

    assert printed == {
        "eventsUrl": f"{base}/events",
        "toolSecret": own_secrets.tool_secret(workspace),
        "tools": {name: f"{base}/tools/{name}" for name in TOOLS},
    }
    assert len(printed["toolSecret"]) >= 40


def test_secret_stays_the_same_until_it_is_renewed():
    workspace = make_workspace()
    first = setup(workspace.slug)["toolSecret"]

    assert setup(workspace.slug)["toolSecret"] == first
    assert own_secrets.renew_tool_secret(workspace) != first


def test_printed_urls_answer(web, settings):
    settings.PUBLIC_BASE_URL = web.base_url
    printed = setup(make_workspace().slug)
    headers = {"Authorization": f"Bearer {printed['toolSecret']}"}
    body = {"message": {"type": "hang"}}

    for url in (printed["eventsUrl"], *printed["tools"].values()):
        assert requests.post(url, json=body, headers=headers, timeout=10).status_code == 200


def test_unknown_slug_is_named():
    with pytest.raises(CommandError, match="There is no workspace 'nobody'"):
        setup("nobody")


NUMBER = "0b7a4f7e-0b7a-4f7e-8a55-0f2d3c9b7e10"


@pytest.fixture
def verified(web, sandbox, visit):
    """Return a function that presses Verify for a number; it returns what the page says."""

    def verify(number_id=NUMBER, *, reports_to=None):
        account = make_account(phone_number_id=number_id)
        workspace = make_workspace(vapi_account=account)
        if reports_to is not None:
            url = reports_to or vapi_setup.events_url(workspace)
            sandbox.listen(account.api_key, Listener(url, "x"))
        owner = visit(make_user(workspace))
        owner.post(f"/admin/{workspace.slug}/settings/vapi/verify")
        return text_of(owner.get(f"/admin/{workspace.slug}/settings/vapi"))

    return verify


@pytest.mark.parametrize(
    ("prefix", "field"),
    [("11111111", "assistantId"), ("22222222", "squadId"), ("33333333", "workflowId")],
)
def test_number_that_answers_by_itself_is_named_with_the_field_to_clear(verified, prefix, field):
    said = verified(prefix + NUMBER[8:], reports_to="")

    assert "Vapi never asks Coachbot who calls back" in said
    assert f"the phone number has {field} set. Clear it in Vapi" in said
    assert "Stored account: Works" in said


def test_number_that_asks_us_is_right(verified):
    assert "Vapi asks Coachbot who calls back." in verified(reports_to="")


@pytest.mark.parametrize(
    ("url", "named"),
    [
        (None, "has no server URL of its own"),
        ("https://n8n.example/hook?token=secret-of-theirs", "has another server URL"),
    ],
)
def test_number_that_asks_others_is_told_what_to_enter(verified, url, named):
    said = verified(reports_to=url)

    assert f"the phone number {named}. Enter http://127.0.0.1/api/vapi/" in said
    assert "secret-of-theirs" not in said


def test_setup_page_tells_of_the_number_and_can_check_it(cast, visit):
    settings = f"/admin/{cast.workspace.slug}/settings/vapi"

    page = visit(make_user(cast.workspace)).get(f"{settings}/events")

    assert "leave its assistant, squad and workflow empty" in page.text
    assert f'action="{settings}/verify"' in page.text
