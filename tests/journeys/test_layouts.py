"""Layouts on ordinary long data, measured at seven widths."""

import pytest

from tests.factories import make_cast, make_user
from tests.ordinary_data import make_ordinary_leads

WIDTHS = (390, 768, 820, 1024, 1280, 1440, 1920)
# What is measured in the page: each returns the texts that break the rule.
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth ? [location.pathname] : []"
TALL = """lines => [...document.querySelectorAll("td.lead-row-phone, .lead-phone")]
    .filter((phone) => {
        const words = document.createRange();
        words.selectNodeContents(phone);
        return new Set([...words.getClientRects()].map((line) => line.top)).size > lines;
    })
    .map((phone) => phone.textContent)"""
OUT = """[...document.querySelectorAll(".panel")].flatMap((panel) =>
    [...panel.querySelectorAll("th, td, dt, dd, p, li, h2, audio, summary")]
        .filter((part) => part.offsetWidth)
        .filter((part) => part.getBoundingClientRect().right >
            panel.getBoundingClientRect().right + 1)
        .map((part) => part.textContent.slice(0, 40)))"""
# Narrower than a few words, and on many lines.
SQUEEZED = """[...document.querySelectorAll("dt, dd, .turn, .lead-row-name")]
    .filter((part) => part.offsetWidth && part.offsetWidth < 90 && part.offsetHeight > 60)
    .map((part) => part.textContent.slice(0, 40))"""


@pytest.fixture(scope="module")
def leads(sandbox):
    return make_ordinary_leads(make_cast(sandbox).workspace)


def faults_of(page) -> dict:
    found = {
        "sideways": page.evaluate(SIDEWAYS),
        "tall phones": page.evaluate(TALL, 2),
        "out of its panel": page.evaluate(OUT),
        "squeezed": page.evaluate(SQUEEZED),
    }
    return {rule: texts for rule, texts in found.items() if texts}


def test_leads_and_a_lead_stand_right_at_every_width(leads, browse):
    workspace = leads[0].workspace
    page = browse(make_user(workspace))
    paths = [f"/admin/{workspace.slug}/leads"]
    paths += [f"/admin/{workspace.slug}/leads/{lead.pk}" for lead in leads[:2]]

    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for path in paths:
            page.goto(path)
            page.get_by_text("Technical details").click() if path is not paths[0] else None
            found[width, path] = faults_of(page)

    assert {place: faults for place, faults in found.items() if faults} == {}


def test_long_name_takes_no_room_from_a_phone(leads, browse):
    page = browse(make_user(leads[0].workspace), viewport={"width": 1440, "height": 900})
    page.goto(f"/admin/{leads[0].workspace.slug}/leads")

    boxes = [cell.bounding_box() for cell in page.locator("td.lead-row-phone").all()]

    assert len({box["width"] for box in boxes}) == 1
    assert boxes[0]["width"] > 150
