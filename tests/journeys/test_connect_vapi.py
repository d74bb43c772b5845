"""An owner connects Vapi in one page: key, lists, "Set it up", a call that reports, and back."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from coachbot.work import heartbeat
from tests.browser import Tab
from tests.client import Api
from tests.coachbot.sandbox.vapi.client import wait_until
from tests.factories import make_account, make_key, make_phone, make_user, make_workspace
from workspaces.connections import credentials


@pytest.fixture
def workspace():
    return make_workspace(default_country="GB")


@pytest.fixture
def page(chromium, written_web, workspace):
    """The page of the Vapi account, on a server that the sandbox can report to."""
    heartbeat.write()
    tab = Tab(chromium, written_web.base_url, make_user(workspace))
    tab.page.goto(f"/admin/{workspace.slug}/settings/vapi")
    yield tab.page
    tab.close()


def test_owner_connects_vapi_and_goes_back(page, workspace, sandbox, written_web):
    enter_key(page, "public-key")
    page.get_by_text("Vapi does not accept the API key.").first.wait_for()
    check(page)

    key = make_account().api_key
    enter_key(page, key)
    page.get_by_label("Assistant", exact=True).select_option(label="Sandbox assistant")
    page.get_by_label("Phone number", exact=True).select_option(index=1)
    check(page)
    assert key not in page.content()
    page.get_by_role("button", name="Save the account").click()
    page.get_by_text("The Vapi account is saved.").wait_for()
    page.get_by_text("The assistant lacks 8 of Coachbot's tools").wait_for()
    check(page)

    page.get_by_role("button", name="Set it up").click()
    page.get_by_text("8 tools made in Vapi.").wait_for()
    check(page)
    written = sandbox.providers["vapi"].written(key)
    page.get_by_role("button", name="Set it up again").click()
    page.get_by_text("Nothing was changed.").wait_for()
    assert sandbox.providers["vapi"].written(key) == written

    api = Api(written_web.base_url, make_key(workspace))
    lead_id = api.submit(phone=make_phone("10")).json()["leadId"]
    # There is no calendar, so the tools that the assistant was given ask for a person.
    wait_until(lambda: workspace.leads.get(pk=lead_id).status == "needs_human", within=10)
    page.reload()
    assert page.locator(".health").inner_text().count("None yet") == 0

    page.get_by_role("link", name="Go back…").click()
    page.get_by_role("button", name="Go back").click()
    page.get_by_text("The assistant is as it was before it was set up.").wait_for()
    check(page)
    assistant_id = credentials.vapi_account(workspace.pk).assistant_id
    parts = sandbox.providers["vapi"].store.resources.parts(key, assistant_id)
    assert parts["server"] is None and "toolIds" not in parts["model"]


def enter_key(page, key) -> None:
    page.get_by_label("Private API key").fill(key)
    page.get_by_role("button", name="Show assistants and numbers").click()


def check(page) -> None:
    """Fail where axe finds anything, or the page is wider than the window."""
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
