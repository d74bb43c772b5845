"""Times in a browser: its own zone, unless the workspace has one."""

from datetime import UTC, datetime

from tests.factories import make_lead, make_user


def received(page, workspace) -> str:
    page.goto(f"/admin/{workspace.slug}/leads")
    return page.locator("time.time").first.inner_text()


def test_zone_is_the_browsers_from_the_first_page_on(cast, browse):
    make_lead(cast.workspace, created_at=datetime(2020, 2, 3, 4, 5, tzinfo=UTC))
    page = browse(make_user(cast.workspace), timezone_id="Asia/Tokyo")

    first, second = received(page, cast.workspace), received(page, cast.workspace)

    assert first == second
    assert "Mon 3 Feb 2020, 13:05" in first and "Asia/Tokyo, 7 years ago" in first.replace(
        "\n", " "
    )


def test_zone_of_the_workspace_is_every_members(cast, browse):
    cast.workspace.time_zone = "America/New_York"
    cast.workspace.save()
    make_lead(cast.workspace, created_at=datetime(2020, 2, 3, 4, 5, tzinfo=UTC))
    page = browse(make_user(cast.workspace), timezone_id="Asia/Tokyo")

    assert "Sun 2 Feb 2020, 23:05" in received(page, cast.workspace)
