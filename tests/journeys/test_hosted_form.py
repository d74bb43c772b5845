"""The hosted form in a browser: made, published, filled in on a phone, shown by another site."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe

from leads.forms import drafts
from leads.forms.definition import Definition, Language, Question
from tests.browser import Tab
from tests.factories import make_phone, make_user
from tests.hosted_form import QUESTIONS, publish

PHONE = {"width": 390, "height": 844}
LARGEST_PAGE = 60_000  # bytes
RINGS = "Your phone rings now."


@pytest.fixture
def form(cast):
    """The address of a published form with a question of each kind."""
    publish(cast.workspace, questions=tuple(question for question, _ in QUESTIONS))
    return f"/forms/{cast.workspace.slug}"


def test_form_is_made_published_and_filled_in_without_javascript(cast, browse):
    owner = browse(make_user(cast.workspace), java_script_enabled=False)
    owner.goto(f"/admin/{cast.workspace.slug}/")
    owner.get_by_role("link", name="Form", exact=True).click()
    owner.get_by_label("Title").fill("Talk to us")
    for number, text in enumerate(("How often do you train?", "What hurts?"), 1):
        owner.get_by_role("button", name="Add a question").click()
        owner.get_by_label("Question", exact=True).nth(number - 1).fill(text)
    # By the keyboard: the focus goes along with the question.
    owner.get_by_role("button", name="Move question 2 up").focus()
    owner.keyboard.press("Enter")
    owner.get_by_role("button", name="Move question 1 up").wait_for()
    assert owner.evaluate("document.activeElement.textContent.trim()") == "↑Move question 1 up"
    owner.get_by_role("button", name="Save and publish").click()
    owner.get_by_text("Version 1 is published.").wait_for()

    stranger = browse(viewport=PHONE, java_script_enabled=False)
    stranger.goto(f"/forms/{cast.workspace.slug}")
    stranger.get_by_role("heading", name="Talk to us").wait_for()
    assert not stranger.evaluate("document.documentElement.scrollWidth > innerWidth")
    stranger.get_by_label("Name").fill("Ada Lovelace")
    phone = make_phone()
    stranger.get_by_label("Phone", exact=True).fill(phone)
    stranger.get_by_label("What hurts?").fill("My knee")
    stranger.get_by_role("button", name="Send").click()
    stranger.get_by_text("we may only contact you if you agree").wait_for()
    stranger.get_by_label("I agree that Test Studio").check()
    stranger.get_by_role("button", name="Send").click()
    stranger.get_by_text(RINGS).wait_for()

    lead = cast.workspace.leads.get()
    assert (lead.phone, lead.answers) == (phone, [("What hurts?", "My knee")])
    [call] = cast.placed()
    variables = call.body["assistantOverrides"]["variableValues"]
    assert json.loads(variables["formResponses"]) == {"What hurts?": "My knee"}
    owner.goto(f"/admin/{cast.workspace.slug}/leads/{lead.pk}")
    owner.get_by_text("I agree that Test Studio calls me about my request.").wait_for()
    owner.get_by_text("My knee").wait_for()


def test_preview_follows_what_is_typed_and_questions_are_dragged(cast, browse):
    questions = tuple(Question(f"q_abc23{n}", text=f"Question {n}?") for n in range(2, 5))
    drafts.change(cast.workspace, Definition(questions=questions), seen=0)
    page = browse(make_user(cast.workspace), viewport={"width": 1440, "height": 1800})
    page.goto(f"/admin/{cast.workspace.slug}/form")
    preview = page.frame_locator("[data-preview]")

    page.get_by_label("Title").fill("Typed just now")
    preview.get_by_role("heading", name="Typed just now").wait_for()
    assert drafts.of(cast.workspace).definition.title == ""
    page.get_by_label("Desktop").check()
    assert preview.locator("html").evaluate("e => e.clientWidth") > 1000

    handles = page.locator("[data-handle]")
    handles.nth(2).drag_to(page.locator("[data-question]").first, target_position={"x": 20, "y": 5})
    page.get_by_text("The draft is saved.").wait_for()

    kept = drafts.of(cast.workspace).definition
    assert [question.text for question in kept.questions] == [
        "Question 4?",
        "Question 2?",
        "Question 3?",
    ]
    assert kept.title == "Typed just now"


def test_double_click_sends_the_form_once(cast, browse, form):
    page = browse()
    page.goto(f"{form}?name=Ada")
    page.get_by_label("Phone", exact=True).fill(make_phone())
    page.get_by_label("I agree").check()
    sent = []
    page.on("request", lambda r: sent.append(r.method) if r.method == "POST" else None)

    page.get_by_role("button", name="Send").click(click_count=2, delay=40)
    page.get_by_text(RINGS).wait_for()

    assert sent == ["POST"]
    assert cast.workspace.leads.count() == len(cast.placed()) == 1
    assert cast.workspace.leads.get().timezone != ""


def test_countries_are_named_in_the_language_of_the_form(cast, browse):
    publish(cast.workspace, language=Language.GERMAN)
    page = browse()
    page.goto(f"/forms/{cast.workspace.slug}?country=FR")

    country = page.get_by_label("Land der Nummer")

    assert country.locator("option:checked").inner_text() == "Frankreich"
    assert country.locator("option[value=DE]").inner_text() == "Deutschland"


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1440)])
def test_axe_finds_nothing_and_pages_are_light(cast, browse, form, scheme, width):
    page = browse(color_scheme=scheme, viewport={"width": width, "height": 900})
    found = []

    def look(name: str) -> None:
        violations = Axe().run(page).response["violations"]
        found.extend(f"{name} {rule['id']}: {rule['nodes'][0]['html']}" for rule in violations)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name} scrolls sideways")

    page.goto(form, wait_until="networkidle")
    look("form")
    page.get_by_role("button", name="Send").click()
    look("what is wrong")
    weight = page.evaluate(
        "performance.getEntries().reduce((sum, e) => sum + (e.decodedBodySize ?? 0), 0)"
    )
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Phone", exact=True).fill(make_phone())
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Send").click()
    page.get_by_text(RINGS).wait_for()
    look("thanks")
    cast.workspace.form_published = False
    cast.workspace.save()
    page.goto(form)
    look("closed")
    page.goto(f"/forms/{cast.workspace.slug}-none")
    look("none")

    assert found == []
    assert 0 < weight < LARGEST_PAGE


@pytest.fixture
def site(web, cast):
    """Return a function that makes another site, with a page that has the form's script line."""
    servers = []

    def make() -> str:
        line = f'<script src="{web.base_url}/forms/{cast.workspace.slug}/embed.js" async></script>'
        icon = '<link rel="icon" href="data:,">'
        html = f'<!doctype html><html lang="en"><title>Ours</title>{icon}<h1>Ours</h1>{line}'

        class Page(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *arguments):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://localhost:{server.server_port}"

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def test_site_that_is_named_shows_the_form_as_high_as_it_is(cast, browse, form, site):
    ours = site()
    cast.workspace.form_sites = ours
    cast.workspace.save()
    page = browse()

    page.goto(f"{ours}/prices?utm_source=ad&secret=1#top")
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading").wait_for()
    content = frame.locator("html").evaluate("e => e.scrollHeight")
    page.wait_for_function(
        "height => Math.abs(document.querySelector('iframe').clientHeight - height) < 4",
        arg=content,
    )
    frame.get_by_label("Name").fill("Ada")
    frame.get_by_label("Phone", exact=True).fill(make_phone())
    frame.get_by_label("I agree").check()
    frame.get_by_role("button", name="Send").click()
    frame.get_by_text(RINGS).wait_for()

    lead = cast.workspace.leads.get()
    assert lead.metadata == {"utm_source": "ad"}
    assert lead.consent_evidence["page"] == f"{ours}/prices?utm_source=ad&secret=1"
    assert len(cast.placed()) == 1


def test_site_that_is_not_named_shows_a_link_and_frames_nothing(cast, web, chromium, form, site):
    ours = site()
    cast.workspace.form_sites = "https://www.example.com"
    cast.workspace.save()
    tab = Tab(chromium, web.base_url)  # its console complains, as it should
    page = tab.page

    page.goto(f"{ours}/")
    page.get_by_role("link", name="How can we help?").wait_for()
    assert page.locator("iframe").count() == 0
    # Whoever puts a frame there all the same gets an empty one.
    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.evaluate(
            "address => document.body.append("
            "Object.assign(document.createElement('iframe'), { src: address }))",
            web.base_url + form,
        )
    assert page.frames[1].get_by_role("heading").count() == 0
    page.get_by_role("link", name="How can we help?").click()
    page.get_by_label("I agree").wait_for()

    assert any("not among the sites" in complaint for complaint in tab.complaints)
    tab.context.close()
