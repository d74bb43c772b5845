"""Impatient hands: double clicks, reload, Back, a dialog that is answered by Enter."""

import pytest
from django.contrib.sessions.models import Session

from tests.factories import make_lead, make_user


@pytest.fixture
def base(cast):
    return f"/admin/{cast.workspace.slug}"


@pytest.fixture
def page(cast, browse):
    return browse(make_user(cast.workspace))


def names(cast) -> list[str]:
    return sorted(cast.workspace.api_keys.values_list("name", flat=True))


def asked(page, ending: str) -> list[str]:
    """Return a list into which the page's requests to a path come."""
    requests = []
    page.on("request", lambda r: requests.append(r.method) if r.url.endswith(ending) else None)
    return requests


def create(page, base, **click):
    page.goto(f"{base}/api-keys")
    page.get_by_label("Name").fill("Website form")
    page.get_by_role("button", name="Create a key").click(**click)


def test_double_click_makes_one_key_and_shows_it(cast, page, base):
    requests = asked(page, "/create")
    create(page, base, click_count=2, delay=50)

    page.get_by_role("heading", name="The key “Website form” is made").wait_for()

    assert page.locator("#key").inner_text().startswith("ck_live_")
    assert requests == ["POST"]
    assert names(cast) == ["Website form", "test"]


@pytest.mark.parametrize("leave", ["reload", "back"])
def test_page_of_a_new_key_is_left_for_the_list_of_keys(cast, page, base, leave):
    create(page, base)
    key = page.locator("#key").inner_text()

    if leave == "reload":
        page.reload()
    else:
        page.get_by_role("link", name="Back to all keys").click()
        page.get_by_role("heading", name="API keys").wait_for()
        page.go_back()

    page.get_by_role("heading", name="API keys").wait_for()
    assert key not in page.content()
    assert names(cast) == ["Website form", "test"]


def test_reload_without_javascript_makes_no_other_key_and_says_what_to_do(cast, browse, base):
    page = browse(make_user(cast.workspace), java_script_enabled=False)
    create(page, base)
    page.get_by_role("heading", name="The key “Website form” is made").wait_for()

    page.reload()

    page.get_by_text("“Website form” was already created, and its key is shown").wait_for()
    assert names(cast) == ["Website form", "test"]


def test_double_click_opens_one_dialog_and_does_not_answer_it(cast, page, base):
    page.goto(f"{base}/api-keys")
    requests = asked(page, "/revoke")

    page.get_by_role("link", name="Revoke test").dblclick()
    page.get_by_role("dialog").wait_for()

    assert requests == ["GET"]
    assert page.locator("dialog").count() == 1
    assert not cast.workspace.api_keys.exclude(revoked_at=None).exists()


def test_enter_in_a_dialog_that_revokes_closes_it(cast, page, base):
    page.goto(f"{base}/api-keys")
    page.get_by_role("link", name="Revoke test").click()
    page.get_by_role("dialog").wait_for()

    page.keyboard.press("Enter")

    page.get_by_role("dialog").wait_for(state="detached")
    assert not cast.workspace.api_keys.exclude(revoked_at=None).exists()


@pytest.mark.parametrize(
    ("path", "link", "focused"),
    [
        ("/api-keys", "Revoke test", "Cancel"),
        ("/api-keys", "Replace test", "keep"),
        ("/leads/{lead}", "Delete", "Cancel"),
    ],
)
def test_first_thing_focused_in_a_dialog_does_no_harm(cast, page, base, path, link, focused):
    page.goto(base + path.format(lead=make_lead(cast.workspace).pk))

    page.get_by_role("link", name=link).first.click()
    page.get_by_role("dialog").wait_for()

    what = page.evaluate(
        "(e => e.type === 'radio' ? e.value : e.name || e.textContent.trim())"
        "(document.activeElement)"
    )
    assert what == focused


def test_page_that_back_shows_as_it_was_left_lets_its_form_be_sent(cast, page, base):
    page.goto(f"{base}/settings")
    page.route("**/settings/pause", lambda route: route.fulfill(status=204))
    pause = page.get_by_role("button", name="Pause the agent")
    pause.click()
    page.locator("button[aria-busy]").wait_for()

    page.unroute("**/settings/pause")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    pause.click()

    page.get_by_text("The agent is paused.").wait_for()


def test_watched_log_says_that_the_session_ended(cast, browse, base):
    user = make_user(cast.workspace)
    page = browse(user, refused="/logs/new")
    page.goto(f"{base}/logs")
    key = {c["name"]: c["value"] for c in page.context.cookies()}["sessionid"]

    Session.objects.filter(pk=key).delete()

    page.get_by_text("Your session ended. Sign in again to see new rows.").wait_for()
    page.get_by_role("link", name="Sign in again").click()
    page.get_by_label("Password").wait_for()
    assert "next=" in page.url and page.url.endswith("%2Flogs")


def test_person_who_is_to_delete_a_workspace_reads_what_to_type(cast, page, base):
    page.goto(f"{base}/settings/delete")

    field = page.get_by_label(f"Type {cast.workspace.slug}, the slug of the workspace")

    field.fill(cast.workspace.slug)
