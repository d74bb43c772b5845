"""A new owner gets from an empty workspace to a booked call to their own phone: no terminal."""

import secrets
from urllib.parse import urlsplit

import pytest

from tests.factories import make_account, make_phone, make_user, make_workspace

PASSWORD = "a long enough password"


@pytest.fixture
def workspace():
    return make_workspace(default_country="GB")


@pytest.fixture
def owner(workspace):
    return make_user(workspace, password=PASSWORD)


def test_new_owner_is_called_and_booked_without_a_terminal(workspace, owner, sandbox, browse, web):
    page = browse()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(owner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("5 of 5 are left.").wait_for()

    connect_vapi(page, sandbox, web)
    page.goto(f"{web.base_url}/admin/{workspace.slug}/")
    assert step(page, "Connect Vapi").inner_text().count("Done") == 1
    phone = make_phone("10")
    call_me(page, phone)
    outcome = step(page, "Call yourself")
    outcome.get_by_text("The agent ended the call.").wait_for()
    assert step(page, "Let Vapi report to Coachbot").get_by_text("Done").is_visible()
    assert outcome.get_by_text("Needs a human").is_visible()  # there is no calendar yet

    connect_calcom(page)
    call_me(page, phone, again=True)
    step(page, "Call yourself").get_by_text("Booked").wait_for()
    step(page, "Let leads in").get_by_role("link", name="Create a key").click()
    page.get_by_label("Name").fill("Website")
    page.get_by_role("button", name="Create a key").click()
    page.get_by_role("link", name="Overview").click()

    page.get_by_role("heading", name="Leads a day").wait_for()
    assert workspace.leads.get().is_test and workspace.leads.get().status == "booked"


def step(page, title):
    return page.locator(".step").filter(has=page.get_by_role("heading", name=title))


def connect_vapi(page, sandbox, web) -> None:
    """Type an account on the settings page, and by hand in Vapi what Coachbot shows for it.

    That it is chosen and set up by the page is test_connect_vapi.py's.
    """
    account = make_account()
    step(page, "Connect Vapi").get_by_role("link", name="Connect Vapi").click()
    page.get_by_label("Private API key").fill(account.api_key)
    page.get_by_text("Type the ids instead").click()
    page.get_by_label("Assistant id").fill(account.assistant_id)
    page.get_by_label("Phone number id").fill(account.phone_number_id)
    page.get_by_role("button", name="Save the account").click()
    page.get_by_role("button", name="Verify", exact=True).click()
    page.get_by_text("The assistant is there").wait_for()
    page.get_by_role("link", name="Overview").click()
    report = step(page, "Let Vapi report to Coachbot")
    report.get_by_role("link", name="Show URL and secret").click()
    url, secret = (page.locator(f"#{id}").inner_text() for id in ("events-url", "tool-secret"))
    page.goto(f"{sandbox.base_url}/sandbox/events-url")
    page.get_by_label("API key").fill(account.api_key)
    page.get_by_label("Server URL").fill(web.base_url + urlsplit(url).path)  # tests have any port
    page.get_by_label("Secret").fill(secret)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("are reported to").wait_for()


def call_me(page, phone, *, again=False) -> None:
    if again:
        page.get_by_text("Call me again").click()
    page.get_by_label("Your name").fill("Olive Owner")
    page.get_by_label("Your phone").fill(phone)
    page.get_by_label("This is my own number").check()
    page.get_by_role("button", name="Call me now").click()
    page.get_by_text("The call is placed.").wait_for()


def connect_calcom(page) -> None:
    step(page, "Connect a calendar").get_by_role("link", name="Enter the account").click()
    page.get_by_label("API key", exact=True).fill(f"cal_sandbox_{secrets.token_hex(8)}")
    page.get_by_label("Event type id").fill("123400")
    page.get_by_role("button", name="Save the calendar").click()
    page.get_by_role("button", name="Verify the calendar").click()
    page.locator(".notice-success", has_text="event type").wait_for()
    page.get_by_role("link", name="Overview").click()
