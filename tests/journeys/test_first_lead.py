"""From the first sign-in to the first lead, and the failing one, without a manual."""

from tests.factories import make_phone, make_user

PASSWORD = "correct horse battery"


def test_newcomer_signs_in_and_finds_the_lead_that_was_just_sent(cast, api, browse):
    user = make_user(cast.workspace, password=PASSWORD)
    page = browse()
    page.goto("/")

    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="First steps").wait_for()
    api.submit(name="Mina Harker", email="mina@example.com", goal="Run a marathon")
    page.get_by_role("link", name="Leads", exact=True).click()
    page.get_by_role("link", name="Mina Harker").click()

    assert page.get_by_role("heading", name="Mina Harker").is_visible()
    assert page.get_by_text("Run a marathon").is_visible()
    page.get_by_text("Technical details").click()
    assert page.get_by_text("Vapi was asked to call").is_visible()


def test_failed_call_is_found_in_the_logs_and_understood(cast, api, browse):
    page = browse(make_user(cast.workspace))
    page.goto(f"/admin/{cast.workspace.slug}/logs")

    api.submit(name="John Roe", phone=make_phone("41"))
    row = page.locator(".log-row", has_text="POST /api/public/leads")
    row.wait_for()  # it appears while one watches
    row.locator("summary").first.click()

    assert row.locator(".explanation-title").first.inner_text() == "The assistant does not exist"
    assert "Couldn't Get Assistant" in row.locator(".code").first.inner_text()
    row.locator(".log-sides").get_by_text('"name": "John Roe"').first.wait_for()
    row.get_by_role("link", name="Open the settings").first.click()
    assert page.get_by_role("heading", name="Vapi account").is_visible()
