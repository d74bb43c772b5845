"""/docs in a browser: tabs of languages, parts, anchors, the strip of pages, the reference."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PHONE = {"width": 390, "height": 844}
# Bytes of everything that a page of /docs loads, as sent. Its weight is that of a page.
LARGEST_PAGE = 60_000
# The reference alone may weigh more, by name: Swagger UI is 460 kB as sent, and the description,
# which only a web server in front of this one makes smaller, 420 kB.
LARGEST_REFERENCE = 1_000_000
WEIGHT = """performance.getEntriesByType("navigation")
    .concat(performance.getEntriesByType("resource"))
    .filter((entry) => entry.name.startsWith("http"))
    .reduce((sum, entry) => sum + entry.transferSize, 0)"""
IS_IN_SIGHT = """link => {
    const at = link.getBoundingClientRect();
    return at.left >= 0 && at.right <= innerWidth && at.top >= 0 && at.bottom <= innerHeight;
}"""


def shown(page) -> list[str]:
    """Return the languages that are shown, of each group of tabs."""
    return page.locator(".language:visible").evaluate_all("all => all.map(e => e.dataset.language)")


def chosen(page) -> list[str]:
    return page.get_by_role("tab", selected=True).all_text_contents()


def problems(page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in violations]


def test_language_is_chosen_once_for_all_pages(browse):
    page = browse()
    page.goto("/docs")
    assert shown(page) == ["bash", "bash"]

    page.get_by_role("tab", name="Node").first.click()
    assert shown(page) == ["javascript", "javascript"]
    page.goto("/docs/list-leads")

    assert chosen(page) == ["Node", "Node"]
    assert shown(page) == ["javascript", "javascript"]
    names = {cookie["name"] for cookie in page.context.cookies()}
    assert names <= {"time_zone", "csrftoken"}
    assert problems(page) == []


def test_language_is_chosen_by_keyboard(browse):
    page = browse()
    page.goto("/docs")
    first = page.get_by_role("tablist").first
    focused = "document.activeElement.textContent"

    first.get_by_role("tab", name="curl").focus()
    for key, name in (
        ("ArrowRight", "Python"),
        ("End", "Go"),
        ("ArrowRight", "curl"),
        ("ArrowLeft", "Go"),
        ("Home", "curl"),
        ("ArrowRight", "Python"),
    ):
        page.keyboard.press(key)
        assert (page.evaluate(focused), chosen(page)) == (name, [name, name])
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('.language').dataset.language") == "python"
    panel = first.locator("xpath=..").get_by_role("tabpanel")
    assert panel.count() == 1
    assert panel.get_attribute("aria-labelledby") == first.get_by_role(
        "tab", selected=True
    ).get_attribute("id")


def test_every_language_is_shown_without_scripts(browse):
    page = browse(java_script_enabled=False)
    page.goto("/docs")

    assert page.get_by_role("tab").count() == 0
    for name in ("curl", "Python", "Node", "PHP", "Ruby", "Go"):
        assert page.locator(".language-name", has_text=name).first.is_visible()
    assert page.locator(".language:visible").count() == 12


def test_anchor_of_an_error_leads_to_it(browse):
    page = browse()
    page.goto("/docs/errors#service-temporarily-unavailable")
    row = page.locator("tr:target")

    assert row.locator("code").first.text_content() == "Service temporarily unavailable."
    assert row.evaluate(IS_IN_SIGHT)

    page.goto("/docs/errors")
    page.get_by_role("link", name="duplicate_phone", exact=True).click()
    assert page.url.endswith("/docs/errors#duplicate_phone")


def test_parts_stand_beside_a_wide_page(browse):
    page = browse(viewport={"width": 1280, "height": 900})
    page.goto("/docs/webhooks")
    beside = page.get_by_role("navigation", name="On this page")

    assert page.locator(".docs-parts-folded").is_hidden()
    beside.get_by_role("link", name="The secret").click()

    assert page.locator("h2:target").text_content() == "The secret"
    assert beside.is_visible()
    assert page.evaluate(WEIGHT) < LARGEST_PAGE


@pytest.mark.parametrize("path", ["/docs", "/docs/errors", "/docs/webhooks-node"])
def test_phone_shows_the_page_one_is_on(browse, path):
    page = browse(viewport=PHONE)
    page.goto(path)
    here = page.locator('.docs-nav [aria-current="page"]')

    assert here.evaluate(IS_IN_SIGHT)
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_parts_are_folded_on_a_phone(browse):
    page = browse(viewport=PHONE)
    page.goto("/docs/submit-lead")
    parts = page.locator(".docs-parts-folded")
    phones = parts.get_by_role("link", name="Phones")
    assert not phones.is_visible()

    parts.get_by_text("On this page").click()
    phones.click()

    assert page.locator("h3:target").evaluate(IS_IN_SIGHT)
    assert problems(page) == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_reference_shows_the_whole_api_for_reading_only(browse, scheme, width):
    page = browse(color_scheme=scheme, viewport={"width": width, "height": 900})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/docs/reference")
    page.locator(".opblock").first.wait_for()

    page.locator("#operations-Leads-submitLead .opblock-summary-control").click()
    page.get_by_text("Up to 64 KiB of JSON.").wait_for()

    assert page.get_by_role("button", name="Try it out").count() == 0
    assert page.get_by_role("button", name="Authorize").count() == 0
    assert [url for url in asked if not url.startswith(page.url.partition("/docs")[0])] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(WEIGHT) < LARGEST_REFERENCE
    assert problems(page) == []
