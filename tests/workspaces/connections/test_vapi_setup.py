"""python manage.py vapi_setup SLUG: what to enter in Vapi."""

import json
from io import StringIO

import pytest
import requests
from django.core.management import CommandError, call_command

from tests.factories import make_workspace
from workspaces.connections import credentials

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
        "toolSecret": credentials.tool_secret(workspace),
        "tools": {name: f"{base}/tools/{name}" for name in TOOLS},
    }
    assert len(printed["toolSecret"]) >= 40


def test_secret_stays_the_same_until_it_is_renewed():
    workspace = make_workspace()
    first = setup(workspace.slug)["toolSecret"]

    assert setup(workspace.slug)["toolSecret"] == first
    assert credentials.renew_tool_secret(workspace) != first


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
