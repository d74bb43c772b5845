"""The story of a person whose call was refused: seen on the overview, taken in, called."""

import pytest

from tests.browser import Tab
from tests.factories import make_lead, make_phone, make_user
from workspaces.models import Role


@pytest.fixture
def page(chromium, web, cast):
    from coachbot.work import heartbeat

    heartbeat.write()
    tab = Tab(chromium, web.base_url, make_user(cast.workspace, Role.AGENT))
    tab.page.goto(f"/admin/{cast.workspace.slug}/leads")
    yield tab.page
    tab.close()


def test_a_refused_person_is_found_from_any_page_and_taken_in(api, cast, page):
    make_lead(cast.workspace)
    phone = make_phone("83")  # refused at first, accepted later
    assert api.submit(name="Rita Book", phone=phone, goal="Run").status_code == 502
    page.reload()

    page.get_by_role("link", name="See what to do").click()
    page.get_by_role("link", name="Take them in and call").click()
    page.get_by_role("button", name="Take in and call Rita Book").click()

    page.get_by_text("Rita Book is taken in and is being called.").wait_for()
    assert page.get_by_role("heading", name="Rita Book").is_visible()
    assert len(cast.placed()) == 1
    page.goto(f"/admin/{cast.workspace.slug}/refused")
    assert page.get_by_text("Nobody was refused").is_visible()


def test_all_who_wait_are_taken_in_from_a_dialog(api, cast, page):
    for _ in range(2):
        api.submit(phone=make_phone("83"))
    page.goto(f"/admin/{cast.workspace.slug}/refused")

    page.get_by_role("link", name="Take in and call all").click()
    page.get_by_role("dialog").get_by_role("button", name="Take in and call").click()

    page.get_by_text("2 people are taken in and being called.").wait_for()
    assert len(cast.placed()) == 2
