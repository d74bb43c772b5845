"""Tenants are walls: every URL of the project, asked with everything that another tenant has.

The list of URLs comes from the URL map, so a new one without a row here fails. The pages
below /admin/<slug>/ have a matrix of their own: tests/workspaces/test_access.py.
"""

import uuid
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import requests
from django.urls import URLPattern, get_resolver

from leads.models import Lead
from tests import hosted_form
from tests.client import Api
from tests.dashboard import Visitor
from tests.factories import Cast, make_cast, make_lead, make_user
from tests.leads.intake_addresses.forms import make_form
from tests.vapi_messages import Reporter, status_update
from workspaces.models import Role

STAFF, DASHBOARD = "admin/", "admin/<slug:slug>/"
# Pages that are the same for everybody, or belong to the person who is signed in.
OF_NOBODY = {
    "home",
    "sign_in",
    "sign_out",
    # Whoever has the link of an invitation; tests/workspaces/members/test_accepting.py.
    "open_invitation",
    "invitation",
    "accept_with_new_account",
    "password_change",
    "password_changed",
    "password_reset",
    "password_reset_done",
    "password_reset_confirm",
    "password_reset_complete",
    "schema",
    "docs",
    "docs_text",
    "docs_page",
    "docs_page_text",
    "docs_reference",
    "llms_txt",
    # Whoever has the link of a mail; tests/workspaces/notices/test_mails.py.
    "stop_notices",
    # A colour, whoever's it is.
    "form_accent",
}
# Each of these has a test below that asks it with another tenant's key or secret.
OF_A_TENANT = {
    *("public_leads", "public_lead", "public_recording", "vapi_events", "vapi_tool", "intake"),
    # tests/leads/appointments/test_webhook.py
    "calcom_events",
    # tests/leads/api/webhooks/test_twilio.py
    *("twilio_inbound", "twilio_status", "twilio_inbound_of_all", "twilio_status_of_all"),
    *("hosted_form", "form_thanks", "form_embed", "form_logo"),
}


def names(patterns, prefix="") -> Iterator[tuple[str, str]]:
    """Yield path and name of every URL outside of staff pages and the dashboard."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if path in (STAFF, DASHBOARD):
            continue
        if isinstance(pattern, URLPattern):
            yield path, pattern.name
        else:
            yield from names(pattern.url_patterns, path)


def test_every_url_has_a_row():
    found = dict(names(get_resolver().url_patterns))

    unknown = {path: name for path, name in found.items() if name not in OF_NOBODY | OF_A_TENANT}

    assert unknown == {}


@pytest.fixture
def a(sandbox) -> Cast:
    """The tenant who asks."""
    return make_cast(sandbox)


@pytest.fixture
def b(sandbox) -> Cast:
    """The tenant who must not be found."""
    return make_cast(sandbox)


@pytest.mark.parametrize("page", ["", "/recording"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "PATCH"])
def test_lead_of_b_answers_a_key_of_a_like_no_lead_at_all(web, a, b, method, page):
    lead = make_lead(b.workspace)
    api = Api(web.base_url, a.key)

    found = api.ask(method, f"/api/public/leads/{lead.pk}{page}")
    missing = api.ask(method, f"/api/public/leads/{uuid.uuid4()}{page}")

    assert found.status_code in (404, 405)
    assert (found.status_code, found.content) == (missing.status_code, missing.content)
    assert Lead.objects.filter(pk=lead.pk).exists()


@pytest.mark.parametrize(
    "query", ["", "?phone={phone}", "?status=new", "?source=api", "?source=acme", "?limit=100"]
)
def test_list_of_a_shows_nothing_of_b(web, a, b, query):
    lead = make_lead(b.workspace, metadata={"utm_source": "acme"})
    mine = make_lead(a.workspace)
    path = f"/api/public/leads{query.format(phone=quote(lead.phone))}"

    listed = Api(web.base_url, a.key).ask("GET", path).json()["data"]

    assert {found["id"] for found in listed} <= {str(mine.pk)}
    assert lead.phone not in str(listed)


def test_cursor_of_b_opens_nothing_for_a(web, a, b):
    leads = [make_lead(b.workspace) for _ in range(2)]
    cursor = Api(web.base_url, b.key).list(limit=1).json()["nextCursor"]

    answer = Api(web.base_url, a.key).list(cursor=cursor)

    assert answer.status_code == 400
    assert not any(str(lead.pk) in answer.text for lead in leads)


def test_phone_of_b_is_no_duplicate_for_a(web, a, b):
    lead = make_lead(b.workspace)

    response = Api(web.base_url, a.key).submit(phone=lead.phone)

    assert response.status_code == 201
    assert a.workspace.leads.get().phone == lead.phone


def test_form_of_a_tells_nothing_of_b(web, a, b):
    lead = make_lead(b.workspace)
    form, other = (make_form(web.base_url, cast.workspace) for cast in (a, b))

    response = form.send(phone=lead.phone)

    assert response.json() == {"ok": True, "leadId": str(a.workspace.leads.get().pk)}
    assert not b.workspace.log.filter(code="api.intake").exists()
    assert (form.reload().arrived, other.reload().arrived) == (1, 0)


def with_secret_of(a: Cast, b: Cast, base_url: str) -> tuple[Reporter, Reporter]:
    """Return a sender to b's URLs with a's secret, and one to a slug that does not exist."""
    secret = Reporter(base_url, a.workspace).secret
    to_b, to_nobody = Reporter(base_url, b.workspace), Reporter(base_url, b.workspace)
    to_b.secret = to_nobody.secret = secret
    to_nobody.base = f"{base_url}/api/vapi/no-such-workspace"
    return to_b, to_nobody


@pytest.mark.parametrize("path", ["events", "tools/markUnqualified"])
def test_secret_of_a_opens_nothing_of_b(web, a, b, path):
    Api(web.base_url, b.key).submit()
    [call], [lead] = b.placed(), b.workspace.leads.all()
    to_b, to_nobody = with_secret_of(a, b, web.base_url)
    rows = b.workspace.log.count()

    found = to_b.send(status_update(call, "ended", endedReason="customer-busy"), path=path)
    missing = to_nobody.send(status_update(call, "ended"), path=path)

    assert (found.status_code, found.content) == (missing.status_code, missing.content)
    assert found.status_code in (401, 404)
    assert b.workspace.log.count() == rows
    assert lead.calls.get().status == "in_progress"


def test_event_about_a_call_of_b_changes_nothing_through_a(web, a, b):
    Api(web.base_url, b.key).submit()
    [call], [lead] = b.placed(), b.workspace.leads.all()

    Reporter(web.base_url, a.workspace).status(call, "ended", endedReason="customer-busy")

    assert lead.calls.get().status == "in_progress"
    assert not a.workspace.calls.exists()


@pytest.mark.parametrize("path", ["/api/public/leads/{lead}", "/api/public/leads"])
def test_session_of_an_owner_is_no_api_key(web, b, path):
    lead = make_lead(b.workspace)
    visitor = Visitor(web.base_url, make_user(b.workspace, Role.OWNER))

    assert visitor.get(path.format(lead=lead.pk)).status_code == 401


@pytest.fixture
def forms(web, a, b):
    """Somebody at the form of a, and somebody at that of b, which has a logo."""
    from leads.forms import logos

    hosted_form.publish(a.workspace)
    digest = logos.keep(b.workspace, logos.PNG + b.workspace.slug.encode())
    hosted_form.publish(b.workspace, title="Of b alone", logo=digest)
    return [hosted_form.Stranger(web.base_url, cast.workspace) for cast in (a, b)]


def test_word_of_the_form_of_b_is_worth_nothing_at_that_of_a(a, b, forms):
    at_a, at_b = forms

    at_a.send(began=at_b.began(hosted_form.LONG_AGO))

    assert not a.workspace.leads.exists() and not b.workspace.leads.exists()
    assert a.workspace.log.filter(code="form.no_token").count() == 1


def test_form_of_a_shows_nothing_of_b(a, b, forms):
    at_a, at_b = forms
    logo = b.workspace.form_logos.get()
    said = at_b.send(follow=False).headers["Location"].partition("?")[2]

    assert at_b.open(f"{at_b.path}/logo/{logo.digest}").content == bytes(logo.data)
    assert at_a.open(f"{at_a.path}/logo/{logo.digest}").status_code == 404
    for ending in ("", "/embed.js", f"/thanks?{said}"):
        assert "Of b alone" not in at_a.open(at_a.path + ending).text


def test_form_that_b_never_published_answers_like_that_of_nobody(web, b):
    theirs = hosted_form.Stranger(web.base_url, b.workspace)

    for ending in ("", "/thanks", "/embed.js", f"/logo/{'0' * 64}"):
        found = theirs.open(f"/forms/{b.workspace.slug}{ending}")
        missing = theirs.open(f"/forms/no-such-workspace{ending}")

        assert (found.status_code, found.text) == (missing.status_code, missing.text)
        assert found.status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/docs/submit-lead", "/docs/vapi", "/docs.md"])
def test_docs_show_an_owner_nothing_of_others(web, a, b, path):
    page = Visitor(web.base_url, make_user(a.workspace)).get(path)

    assert page.status_code == 200
    assert b.workspace.slug not in page.text


def test_home_lists_a_persons_own_workspaces_only(web, a, b, sandbox):
    user = make_user(a.workspace)
    second = make_cast(sandbox).workspace
    second.memberships.create(user=user, role=Role.AGENT)

    page = Visitor(web.base_url, user).get("/").text

    assert a.workspace.slug in page
    assert second.slug in page
    assert b.workspace.slug not in page


def test_key_of_a_deleted_workspace_finds_nothing_of_the_others(web, a, b):
    lead = make_lead(b.workspace)
    a.workspace.delete()

    response = requests.get(
        f"{web.base_url}/api/public/leads/{lead.pk}",
        headers={"Authorization": f"Bearer {a.key}"},
        timeout=30,
    )

    assert (response.status_code, response.json()["error"]) == (404, "Workspace not found.")
