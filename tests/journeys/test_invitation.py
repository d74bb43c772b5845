"""An owner invites a second person, who accepts and works in the workspace."""

import secrets

from axe_playwright_python.sync_playwright import Axe

from tests.factories import make_user


def test_invitation_is_accepted_by_a_second_person(cast, web, browse):
    owner, person = browse(make_user(cast.workspace)), browse()
    email = f"{secrets.token_hex(6)}@example.com"

    owner.goto(f"/admin/{cast.workspace.slug}/settings/members")
    owner.get_by_label("E-mail", exact=True).fill(email)
    owner.get_by_role("button", name="Send the invitation").click()
    link = owner.locator("#link").inner_text().strip().removeprefix("http://127.0.0.1")
    assert Axe().run(owner).response["violations"] == []

    person.goto(link)
    person.get_by_role("heading", name="Join Test Studio?").wait_for()
    assert person.url == f"{web.base_url}/invitation"
    assert Axe().run(person).response["violations"] == []
    person.get_by_label("New password", exact=True).fill("a new long secret")
    person.get_by_label("New password confirmation").fill("a new long secret")
    person.get_by_role("button", name="Make an account and accept").click()
    person.get_by_text(f"You sign in as {email}.").wait_for()
    person.get_by_role("link", name="Leads").click()
    person.get_by_role("heading", name="Leads", exact=True).wait_for()

    owner.goto(f"/admin/{cast.workspace.slug}/settings/members")
    owner.get_by_label(f"Role of {email}").wait_for()
    assert owner.get_by_role("button", name=f"New link to {email}").count() == 0
    assert person.get_by_role("link", name="Settings").count() == 0
