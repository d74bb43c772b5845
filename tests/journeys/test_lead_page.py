"""The page of a lead while one looks at it: it changes by itself and disturbs nobody."""

import pytest

from leads.models import Call, Lead
from tests.browser import Tab
from tests.factories import make_lead, make_user
from tests.ordinary_data import make_long_call
from workspaces.log import record


@pytest.fixture
def lead(cast):
    return make_lead(cast.workspace, name="Jane Doe")


@pytest.fixture
def page(lead, browse):
    """The lead's page, which asks for changes when it is told to and not each 5 seconds."""
    page = browse(make_user(lead.workspace))
    page.clock.install()
    return page


def open_page(page, lead):
    page.goto(f"/admin/{lead.workspace.slug}/leads/{lead.pk}")


def changes_asked_by(page) -> list[str]:
    """Return a list that grows with each time the page asks whether something has changed."""
    asked: list[str] = []
    page.on("request", lambda request: "/changes?" in request.url and asked.append(request.url))
    return asked


def happen(lead, **fields) -> None:
    """Change a lead as an event does: the row, and a row of the log."""
    Lead.objects.filter(pk=lead.pk).update(**fields)
    record.row(
        workspace_id=lead.workspace_id,
        kind="provider_event",
        code="vapi.status_update",
        action="Vapi status-update",
        outcome="succeeded",
        lead_id=lead.pk,
    )


def test_page_follows_a_lead_and_keeps_what_the_reader_does(page, lead):
    happen(lead)
    open_page(page, lead)
    page.get_by_text("Technical details").click()
    page.locator(".step-body summary").first.click()
    page.locator(".log-sides").wait_for()
    page.get_by_role("button", name="Take over").focus()

    happen(lead, status="unqualified", qualification_notes="Moved abroad.")
    page.clock.run_for(5_100)

    page.get_by_role("heading", name="Does not qualify").wait_for()
    assert page.get_by_text("Moved abroad.").is_visible()
    assert page.locator(".log-sides").is_visible() and page.locator(".step-body").count() == 2
    assert page.evaluate("document.activeElement.textContent") == "Take over"


def test_text_that_is_being_typed_stays_with_its_cursor(page, lead):
    """With a field put into the page, wherever other parts of it may have theirs."""
    page.route("**/leads/**", put_field_in)
    open_page(page, lead)
    page.get_by_label("Note", exact=True).press_sequentially("Call back")
    page.get_by_label("Note", exact=True).press("ArrowLeft")

    happen(lead, status="unqualified")
    page.clock.run_for(5_100)
    page.get_by_role("heading", name="Does not qualify").wait_for()
    page.keyboard.type("!")

    assert page.get_by_label("Note", exact=True).input_value() == "Call bac!k"


def put_field_in(route):
    response = route.fetch()
    field = "<h2>Work</h2><textarea aria-label='Note'></textarea>"
    route.fulfill(response=response, body=response.text().replace("<h2>Consent", f"{field}<h2>"))


def test_recording_goes_on_while_the_page_changes(page, lead):
    call = make_long_call(lead)
    open_page(page, lead)
    page.evaluate("document.querySelector('audio').wasHere = true")

    Call.objects.filter(pk=call.pk).update(summary="Another.", cost="0.04", transcript="")
    happen(lead, status="unqualified")
    page.clock.run_for(5_100)

    page.get_by_text("$0.04 as Vapi reports it").wait_for()
    assert page.evaluate("document.querySelector('audio').wasHere")


def test_page_asks_only_while_it_is_seen(page, lead):
    open_page(page, lead)
    asked = changes_asked_by(page)
    hide = "Object.defineProperty(document, 'visibilityState', {value: '%s', configurable: true})"

    page.evaluate(hide % "hidden")
    page.clock.run_for(30_000)
    while_hidden = len(asked)
    page.evaluate(hide % "visible")
    with page.expect_request(lambda request: "/changes?version=" in request.url):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    assert while_hidden == 0


def test_page_of_a_lead_that_is_gone_says_that_it_is_out_of_date(chromium, web, lead):
    tab = Tab(chromium, web.base_url, make_user(lead.workspace))
    tab.page.clock.install()
    open_page(tab.page, lead)
    asked = changes_asked_by(tab.page)

    lead.delete()
    tab.page.clock.run_for(5_100)
    tab.page.get_by_text("This page is not up to date any more").wait_for()
    tab.page.clock.run_for(20_000)

    assert len(asked) == 1
    tab.complaints.clear()  # of the 404
    tab.close()


def test_turn_plays_the_recording_from_its_second(page, lead, cast, api):
    lead_id = api.submit().json()["leadId"]
    turns = [{"speaker": "agent", "text": "Hi, is this Jane?", "second": 0.5}]
    Call.objects.filter(lead=lead_id).update(status="ended", has_recording=True, turns=turns)
    page.goto(f"/admin/{lead.workspace.slug}/leads/{lead_id}")

    page.evaluate("""() => {
        const audio = document.querySelector("audio");
        window.heard = new Promise((done) => audio.addEventListener("ended", done));
    }""")

    page.get_by_role("link", name="Play from 0:00").click()

    page.evaluate("async () => { await window.heard }")
    assert page.evaluate("document.querySelector('audio').played.start(0)") > 0.4
    assert page.url.endswith(lead_id)
