"""The list of leads as somebody works it: by keyboard alone, many at once, while it changes."""

from datetime import timedelta

from django.utils import timezone

from tests.factories import make_lead, make_phone, make_user
from workspaces.log import record

NOW = timezone.now()


def make_leads(cast, *names: str) -> None:
    for age, name in enumerate(names):
        make_lead(cast.workspace, name=name, created_at=NOW - timedelta(hours=age))


def focused(page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def test_list_is_worked_by_keyboard_alone(cast, browse):
    make_leads(cast, "Ada First", "Bea Second", "Cleo Third")
    page = browse(make_user(cast.workspace))
    page.goto(f"/admin/{cast.workspace.slug}/leads")

    for key in ("j", "j", "x", "j", "k"):
        page.keyboard.press(key)
    assert focused(page) == "Bea Second"
    page.get_by_text("1 selected").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Bea Second").wait_for()
    page.keyboard.press("j")
    page.get_by_role("heading", name="Cleo Third").wait_for()
    page.keyboard.press("u")
    page.get_by_role("heading", name="Leads").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("ada jk")
    assert page.get_by_label("Search").input_value() == "ada jk"


def test_keys_are_told_by_a_question_mark(cast, browse):
    make_leads(cast, "Ada First")
    page = browse(make_user(cast.workspace))
    page.goto(f"/admin/{cast.workspace.slug}/leads")

    page.keyboard.press("?")

    dialog = page.get_by_role("dialog", name="Keys")
    dialog.get_by_text("Select the lead").wait_for()
    page.keyboard.press("j")  # nothing moves below a dialog
    assert focused(page) == "Close"


def test_all_that_match_over_two_pages_are_closed_then_undone(cast, browse):
    make_leads(cast, *(f"Lead {number}" for number in range(60)))
    page = browse(make_user(cast.workspace))
    page.goto(f"/admin/{cast.workspace.slug}/leads")

    page.get_by_label("Select all leads on this page").check()
    page.get_by_text("50 selected").wait_for()
    page.get_by_label("All that match").check()
    page.get_by_role("button", name="Close", exact=True).click()
    dialog = page.get_by_role("dialog", name="Close 60 leads?")
    dialog.get_by_role("button", name="Not now").click()
    page.get_by_text("60 leads are closed: not now.").wait_for()
    assert cast.workspace.leads.filter(closed_as="not_now").count() == 60

    page.get_by_role("button", name="Undo").click()
    page.get_by_text("60 leads are as before.").wait_for()
    assert not cast.workspace.leads.exclude(closed_as="").exists()


def test_without_javascript_many_are_assigned_by_a_page_that_asks(cast, browse):
    make_leads(cast, "Ada First", "Bea Second")
    user = make_user(cast.workspace)
    page = browse(user, java_script_enabled=False)
    page.goto(f"/admin/{cast.workspace.slug}/leads?sort=name")

    page.get_by_label("Select Ada First").check()
    page.get_by_label("Select Bea Second").check()
    page.get_by_role("button", name="Assign").click()
    page.get_by_role("heading", name="Assign 2 leads?").wait_for()
    page.get_by_role("button", name="Assign").click()

    page.get_by_text(f"2 leads are that of {user.email} now.").wait_for()
    assert page.get_by_label("Sort by").input_value() == "name"
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("2 leads are as before.").wait_for()


def test_list_changes_while_it_is_watched_and_keeps_what_is_ticked(cast, browse):
    make_leads(cast, "Ada First", "Bea Second")
    page = browse(make_user(cast.workspace))
    page.clock.install()
    page.goto(f"/admin/{cast.workspace.slug}/leads")
    page.get_by_label("Select Bea Second").check()

    make_lead(cast.workspace, name="Zoe Newest")
    cast.workspace.leads.filter(name="Ada First").update(status="booked")
    rows = {"workspace_id": cast.workspace.pk, "code": "test", "action": "test"}
    record.row(**rows, kind="api_request", outcome="succeeded")
    page.clock.run_for(5_100)

    page.get_by_role("link", name="Zoe Newest").wait_for()
    page.get_by_role("row").filter(has_text="Ada First").get_by_text("Booked").wait_for()
    assert page.get_by_label("Select Bea Second").is_checked()
    assert page.get_by_text("1 selected").is_visible()


def test_incident_is_found_from_problems_to_its_lead(cast, api, browse):
    lead_id = api.submit(name="Ada Lovelace").json()["leadId"]
    cast.workspace.leads.filter(pk=lead_id).update(status="needs_human")
    fields = {"workspace_id": cast.workspace.pk, "lead_id": lead_id, "outcome": "refused"}
    record.row(
        **fields,
        **{"kind": "provider_request", "code": "calcom.list_slots", "action": "Cal.com GET /slots"},
        **{"error": "Invalid API Key", "error_code": "calcom.key_refused", "status_code": 401},
    )
    api.submit(name="Refused Rita", phone=make_phone("41"))
    page = browse(make_user(cast.workspace))
    page.goto(f"/admin/{cast.workspace.slug}/logs")

    page.get_by_role("link", name="Problems").click()
    page.wait_for_url("**outcome=problems")
    assert page.locator(".log-rows > .log-row").count() == 2
    page.get_by_label("Search").fill("lovelace")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**text=lovelace**")
    row = page.locator(".log-rows > .log-row").filter(has_text="Ada Lovelace")
    row.locator("summary").first.click()
    row.get_by_text("Cal.com does not take the API key").first.wait_for()
    row.get_by_role("link", name="Ada Lovelace").click()

    page.get_by_role("heading", name="Ada Lovelace").wait_for()
