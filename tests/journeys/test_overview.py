"""The overview in a browser: what a bar stands for is read without a script, and leads on."""

from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from tests.factories import make_lead, make_user


def test_bar_of_a_day_is_read_by_mouse_and_keyboard_and_opens_its_leads(cast, browse):
    day = timezone.now().replace(hour=12) - timedelta(days=2)
    for hour in range(3):
        make_lead(cast.workspace, created_at=day - timedelta(minutes=hour), reached_at=day)
    page = browse(make_user(cast.workspace), viewport={"width": 390, "height": 844})
    page.goto(f"/admin/{cast.workspace.slug}/?when=7")
    bar = page.get_by_role("link", name="3 leads, 3 reached, 0 booked")
    tip = bar.locator(".chart-tip")

    assert opacity(tip) == "0"
    bar.hover()
    assert opacity(tip) == "1" and is_within(page, tip)
    page.mouse.move(0, 0)
    page.get_by_role("link", name="Last 7 days").focus()
    for _ in range(20):
        if opacity(tip) == "0":
            page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "chart-bar"
    assert Axe().run(page).response["violations"] == []

    page.keyboard.press("Enter")

    page.get_by_text("3 leads", exact=True).wait_for()


def opacity(element) -> str:
    return element.evaluate("element => getComputedStyle(element).opacity")


def is_within(page, element) -> bool:
    """Tell whether all of an element is within the width of the page."""
    box = element.bounding_box()
    return box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
