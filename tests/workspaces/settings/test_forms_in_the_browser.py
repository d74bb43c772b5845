"""A form of the settings in a browser: where it comes back, and what has the focus."""

from tests.factories import make_user


def open_section(browse, cast, code, **options):
    page = browse(make_user(cast.workspace), **options)
    page.goto(f"/admin/{cast.workspace.slug}/settings/{code}")
    return page


def test_what_is_wrong_is_in_view_and_focused(cast, browse):
    page = open_section(browse, cast, "limits", viewport={"width": 390, "height": 700})
    page.get_by_label("Countries that may be called").fill("GB, Atlantis")
    page.get_by_role("button", name="Save the limits").click()

    summary = page.locator(":focus")
    summary.get_by_text("Correct this first:").wait_for()
    box = summary.bounding_box()
    field = page.get_by_label("Countries that may be called")

    assert box["y"] >= 0 and box["y"] + box["height"] <= 700
    assert summary.get_attribute("role") == "alert"
    assert field.input_value() == "GB, Atlantis"
    assert field.get_attribute("aria-invalid") == "true"
    described = field.get_attribute("aria-describedby").split()
    words = [page.locator(f"[id='{name}']").inner_text() for name in described]
    assert any("ATLANTIS: no such country." in text for text in words)


def test_label_in_the_summary_leads_to_its_field(cast, browse):
    page = open_section(browse, cast, "general")
    page.get_by_label("Slug").fill("Big Name")
    page.get_by_role("button", name="Save name and slug").click()

    page.get_by_role("alert").get_by_role("link", name="Slug").click()

    assert page.locator(":focus").input_value() == "Big Name"


def test_what_was_saved_is_said_beside_it(cast, browse):
    page = open_section(browse, cast, "general", viewport={"width": 390, "height": 500})
    page.get_by_label("Time zone").fill("Europe/London")
    page.get_by_role("button", name="Save the time zone").click()

    said = page.get_by_text("The time zone is saved.")

    said.wait_for()
    assert page.locator("form", has=said).get_by_label("Time zone").is_visible()
    assert said.count() == 1 and 0 <= said.bounding_box()["y"] <= 480


def test_navigation_is_whole_on_a_phone(cast, browse):
    page = open_section(browse, cast, "limits", viewport={"width": 390, "height": 700})

    links = page.locator(".section-link").all()

    boxes = [link.bounding_box() for link in links]
    assert len(links) == 9
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
