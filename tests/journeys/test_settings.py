"""The agent is paused and resumed; wrong credentials are found out."""

import secrets

from tests.factories import make_account, make_phone, make_user
from workspaces.connections import credentials


def test_paused_agent_calls_nobody_until_it_is_resumed(cast, api, browse):
    page = browse(make_user(cast.workspace))
    page.goto(f"/admin/{cast.workspace.slug}/settings")

    page.get_by_role("button", name="Pause the agent").click()
    page.get_by_text("The agent is paused. Leads are saved").wait_for()
    paused = api.submit().json()
    page.get_by_role("button", name="Resume the agent").click()
    page.get_by_text("The agent calls again.").wait_for()
    resumed = api.submit().json()

    assert paused["callQueued"] is False and paused["status"] == "new"
    assert resumed["callQueued"] is True
    assert len(cast.placed()) == 1


def test_refusal_says_which_part_of_the_account_is_wrong_and_keeps_the_one_that_works(cast, browse):
    page = browse(make_user(cast.workspace))
    good = credentials.vapi_account(cast.workspace.pk)
    missing = "00000000-0000-4000-8000-000000000000"

    wrong_assistant = make_account(api_key=good.api_key, assistant_id=missing)
    assert "Vapi knows no assistant" in refusal_of(page, cast, wrong_assistant)
    wrong_number = make_account(api_key=good.api_key, phone_number_id=missing)
    words = refusal_of(page, cast, wrong_number)
    assert "The assistant is there" in words and "Vapi knows no phone number" in words
    wrong_key = make_account(api_key=f"public-{secrets.token_hex(4)}")
    assert "does not accept the API key" in refusal_of(page, cast, wrong_key)

    assert page.get_by_label("Assistant id").input_value() == wrong_key.assistant_id
    assert credentials.vapi_account(cast.workspace.pk) == good


def test_first_steps_call_an_account_done_once_vapi_takes_it(cast, browse):
    page = browse(make_user(cast.workspace))
    overview = f"/admin/{cast.workspace.slug}/"
    page.goto(overview)
    page.get_by_text("Vapi was not asked yet whether it is right").wait_for()
    account = make_account(api_key=f"public-{secrets.token_hex(4)}")

    refusal_of(page, cast, account)
    page.get_by_label("Private API key").fill(account.api_key)
    page.get_by_role("button", name="Save anyway").click()
    page.get_by_text("The Vapi account is saved.").wait_for()
    page.goto(overview)
    refused = page.locator(".step").first.inner_text()
    enter(page, cast, make_account())
    page.get_by_text("The Vapi account is saved.").wait_for()
    page.goto(overview)

    assert "does not accept the API key" in refused
    assert page.locator(".step").first.get_by_text("Done").is_visible()


def refusal_of(page, cast, account) -> str:
    """Enter an account that is refused, and return what has the focus then."""
    enter(page, cast, account)
    page.get_by_role("button", name="Save anyway").wait_for()
    assert account.api_key not in page.content()
    assert "What you typed here is not shown again." in page.locator(".section").first.inner_text()
    return page.locator(":focus").inner_text()


def enter(page, cast, account) -> None:
    """Enter an account in the settings, and save it."""
    page.goto(f"/admin/{cast.workspace.slug}/settings/vapi")
    page.get_by_label("Private API key").fill(account.api_key)
    page.get_by_label("Assistant id").fill(account.assistant_id)
    page.get_by_label("Phone number id").fill(account.phone_number_id)
    page.get_by_role("button", name="Save the account").click()


def test_lead_of_a_paused_time_is_called_from_its_page(cast, api, browse):
    cast.workspace.is_paused = True
    cast.workspace.save()
    lead_id = api.submit(phone=make_phone()).json()["leadId"]
    page = browse(make_user(cast.workspace))
    page.goto(f"/admin/{cast.workspace.slug}/leads/{lead_id}")
    assert page.get_by_role("button", name="Call again", exact=True).count() == 0
    cast.workspace.is_paused = False
    cast.workspace.save()

    page.reload()
    page.get_by_role("button", name="Call now").click()
    page.get_by_text("is being called.").wait_for()

    assert len(cast.placed()) == 1
    assert page.get_by_role("button", name="Call again", exact=True).count() == 0
