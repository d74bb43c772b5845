"""An API key is made, used, replaced and revoked."""

from tests.client import Api
from tests.factories import make_user


def test_key_is_shown_once_works_and_stops_working(cast, web, browse):
    page = browse(make_user(cast.workspace))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/admin/{cast.workspace.slug}/api-keys")

    page.get_by_label("Name").fill("Website form")
    page.get_by_role("button", name="Create a key").click()
    key = page.locator("#key").inner_text().strip()
    page.get_by_role("button", name="Copy the key").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    used = Api(web.base_url, key).submit()
    page.get_by_role("link", name="Back to all keys").click()
    listed = page.content()
    page.get_by_role("link", name="Revoke Website form").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke the key").click()
    page.get_by_text("is revoked. Requests with it are refused").wait_for()

    assert copied == key
    assert used.status_code == 201
    assert key not in listed
    assert Api(web.base_url, key).submit().status_code == 401


def test_replaced_key_works_until_it_is_revoked(cast, web, api, browse):
    page = browse(make_user(cast.workspace))
    page.goto(f"/admin/{cast.workspace.slug}/api-keys")

    page.get_by_role("link", name="Replace test").click()
    page.get_by_role("dialog").get_by_role("button", name="Make the new key").click()
    new_key = page.locator("#key").inner_text().strip()

    assert api.submit().status_code == 201
    assert Api(web.base_url, new_key).submit().status_code == 201
    page.goto(f"/admin/{cast.workspace.slug}/api-keys")
    assert page.get_by_role("link", name="Revoke test").count() == 2
