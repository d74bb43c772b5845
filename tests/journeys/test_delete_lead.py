"""A lead is deleted so that the same phone can come in again."""

from tests.factories import make_phone, make_user


def test_deleted_lead_frees_its_phone_for_the_api(cast, api, browse):
    phone = make_phone()
    lead_id = api.submit(name="Twice Asked", phone=phone).json()["leadId"]
    assert api.submit(phone=phone).status_code == 409
    page = browse(make_user(cast.workspace))
    page.goto(f"/admin/{cast.workspace.slug}/leads/{lead_id}")

    page.get_by_role("link", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete Twice Asked?")
    dialog.get_by_role("button", name="Delete the lead").click()
    page.get_by_text("1 lead is deleted. Its phone number can come in again.").wait_for()

    assert api.read(lead_id).status_code == 404
    assert api.submit(phone=phone).status_code == 201


def test_cancel_and_escape_leave_the_lead_alone(cast, api, browse):
    lead_id = api.submit(name="Spared").json()["leadId"]
    page = browse(make_user(cast.workspace))
    page.goto(f"/admin/{cast.workspace.slug}/leads/{lead_id}")

    page.get_by_role("link", name="Delete").click()
    page.get_by_role("dialog").get_by_role("link", name="Cancel").click()
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_role("link", name="Delete").press("Enter")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")

    assert api.read(lead_id).status_code == 200


def test_several_leads_are_ticked_and_deleted(cast, api, browse):
    ids = [api.submit(name=f"Lead {n}").json()["leadId"] for n in range(3)]
    page = browse(make_user(cast.workspace))
    page.goto(f"/admin/{cast.workspace.slug}/leads")

    page.get_by_label("Select all leads on this page").check()
    page.get_by_label("Select Lead 1").uncheck()
    page.get_by_text("2 selected").wait_for()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete the leads").click()
    page.get_by_text("2 leads are deleted.").wait_for()

    assert [api.read(lead_id).status_code for lead_id in ids] == [404, 200, 404]


def test_without_javascript_a_page_asks(cast, api, browse):
    lead_id = api.submit(name="Plain Page").json()["leadId"]
    page = browse(make_user(cast.workspace), java_script_enabled=False)
    page.goto(f"/admin/{cast.workspace.slug}/leads")

    page.get_by_label("Select Plain Page").check()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("heading", name="Delete Plain Page?").wait_for()
    page.get_by_role("button", name="Delete the lead").click()
    page.get_by_text("1 lead is deleted.").wait_for()

    assert api.read(lead_id).status_code == 404
