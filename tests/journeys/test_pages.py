"""Every page: no complaint on the console, nothing that axe finds, in light and dark, and nothing
that scrolls sideways on a phone.
"""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from leads.contact.do_not_call import opt_outs
from leads.contact.planned import steps
from leads.management import seeding
from leads.models import Conversation, Way
from tests.factories import (
    make_call,
    make_cast,
    make_delivery,
    make_lead,
    make_phone,
    make_user,
    make_webhook,
)
from tests.leads.intake_addresses.forms import make_connected_forms
from tests.ordinary_data import make_ordinary_leads
from tests.pages import visitor_pages, workspace_pages
from tests.written_leads import make_stranger, make_written_lead, make_written_workspace
from workspaces.log import record
from workspaces.log.actions import Action

PHONE = 390
# The pages, by the beginnings of their names, that are others where leads are written to. The rest
# is looked at in the workspace that calls.
OF_WRITING = (
    *("overview", "lead", "first-steps", "waiting", "offered", "do-not-call", "stranger", "log"),
    *("settings-persona", "settings-limits", "settings-follow-up"),
    *("settings-twilio", "settings-openai", "settings-calcom"),
)


@pytest.fixture(scope="module")
def lived_in(sandbox):
    """A workspace with leads, calls and log rows of every kind."""
    workspace = make_cast(sandbox).workspace
    seeding.seed(workspace, leads=12, rows=20, days=10, now=timezone.now(), first=700)
    make_ordinary_leads(workspace)
    make_followed_leads(workspace)
    make_connected_forms(workspace)
    make_webhooks(workspace)
    return workspace


@pytest.fixture(scope="module")
def written_to():
    """A workspace that writes to its leads, with a conversation of every kind of message."""
    workspace = make_written_workspace(follow_up_plan="gentle")
    held = make_written_lead(workspace, name="Closed Window")
    Conversation.objects.filter(lead=held).update(window_until=timezone.now())
    make_written_lead(workspace, name="Jane Doe")
    make_stranger(workspace)
    record.action(workspace_id=workspace.pk, actor=None, action=Action.CHANGE_SETTINGS)
    return workspace


def make_webhooks(workspace) -> None:
    """Make an endpoint that fails and one that is off, and what was sent to the first."""
    path = "herbst-2026-rueckenschmerzen-muenchen-schwabing-freimann-" * 2
    failing = make_webhook(
        workspace,
        url=f"https://automation.donaudampfschifffahrt.example/webhook/{path}",
        types="lead.created,call.ended,lead.booked",
        failing_since=timezone.now(),
    )
    off = {"off_because": "gone", "off_at": timezone.now()}
    make_webhook(workspace, **off)
    lead = workspace.leads.first()
    sent = make_delivery(failing, lead)
    sent.attempts.create(at=timezone.now(), duration_ms=1502, error="It could not be reached.")
    sent.attempts.create(at=timezone.now(), duration_ms=98, status_code=200, answer='{"ok":true}')
    make_delivery(failing, lead, state="pending", ended_at=None, tries=2)


def make_followed_leads(workspace) -> None:
    """Make a lead that waited, one that is to be called again, and a number on the list."""
    workspace.follow_up_plan = "standard"
    workspace.save()
    make_lead(workspace, held_because="paused")
    lead = make_lead(workspace)
    make_call(lead, used_budget=True, ended_reason="customer-did-not-answer")
    steps.plan(lead, "attempt", timezone.now() + timedelta(days=1), held_because="lines_full")
    opt_outs.add(workspace, [make_phone()], way=Way.UPLOAD)


def dark(width: int):
    """The same once more, for `make test-faults`: some 60 pages take 40 seconds."""
    return pytest.param("dark", width, marks=pytest.mark.faults)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), dark(PHONE)])
def test_pages_of_a_lived_in_workspace(lived_in, browse, scheme, width):
    page = browse(make_user(lived_in), color_scheme=scheme)

    assert look_at(page, workspace_pages(lived_in), width) == {}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), dark(360)])
def test_pages_where_leads_are_written_to(written_to, browse, scheme, width):
    page = browse(make_user(written_to), color_scheme=scheme)
    pages = workspace_pages(written_to)
    closed = written_to.leads.get(name="Closed Window")
    pages["lead-closed"] = f"/admin/{written_to.slug}/leads/{closed.pk}"
    chosen = {name: path for name, path in pages.items() if name.startswith(OF_WRITING)}

    assert look_at(page, chosen, width) == {}


@pytest.mark.faults  # as dark() says
def test_pages_of_an_empty_workspace(cast, browse):
    page = browse(make_user(cast.workspace))

    assert look_at(page, workspace_pages(cast.workspace), 1280) == {}


def test_pages_for_strangers(browse):
    assert look_at(browse(), visitor_pages(), 1280) == {}


def test_staff_pages_keep_to_the_content_security_policy(browse):
    page = browse(make_user(is_staff=True, is_superuser=True))

    for path in ("/admin/", "/admin/workspaces/user/", "/admin/workspaces/user/add/"):
        policy = page.goto(path).headers["content-security-policy"].split("; ")

        assert {"default-src 'none'", "script-src 'self'", "style-src 'self'"} <= set(policy)


def look_at(page, pages: dict[str, str], width: int) -> dict[str, list[str]]:
    """Return what is wrong with pages, by name: what axe finds, and what scrolls sideways."""
    found = {name: faults_of(page, path, width) for name, path in pages.items()}
    return {name: faults for name, faults in found.items() if faults}


def faults_of(page, path: str, width: int) -> list[str]:
    """Open a page with its first log row, and return what is wrong there."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path)
    for folded in page.locator("details.steps, details.step-body, details.attempts-hours").all()[
        :2
    ]:
        folded.locator("summary").first.click()
    for row in page.locator(".log-row").all()[:1]:
        row.locator("summary").click()
        row.locator(".log-sides").wait_for()
    violations = Axe().run(page).response["violations"]
    page.set_viewport_size({"width": min(width, PHONE), "height": 844})
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in violations] + [
        "scrolls sideways on a phone"
    ] * wide
