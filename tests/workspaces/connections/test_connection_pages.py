"""Cal.com, and Vapi's events and tools, in the settings."""

from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from coachbot.providers.calcom import client as calcom
from tests.dashboard import Visitor, text_of
from tests.factories import make_user
from workspaces.connections import credentials, own_secrets
from workspaces.models import Credential

FIELDS = {"calcom-event_type_id": "123400", "calcom-time_zone": "Europe/Berlin"}


@pytest.fixture
def settings(cast):
    """Return the path of the settings page."""
    return f"/admin/{cast.workspace.slug}/settings"


@pytest.fixture
def owner(cast, visit):
    """The owner of the cast's workspace, signed in."""
    return visit(make_user(cast.workspace))


def connect(cast, digits="00", key="cal_sandbox_abcd"):
    account = calcom.Account(key, int(f"77{digits}"), "Europe/London")
    credentials.connect_calcom(cast.workspace, account)


def test_account_is_sealed_and_shows_its_last_four(cast, settings, owner):
    owner.post(f"{settings}/calcom", **FIELDS, **{"calcom-api_key": "cal_sandbox_secret1234"})

    page = owner.get(f"{settings}/calcom").text
    account = credentials.calcom_account(cast.workspace.pk)
    assert account == calcom.Account("cal_sandbox_secret1234", 123400, "Europe/Berlin")
    assert "The stored key ends in 1234." in page
    assert "cal_sandbox_secret" not in page
    assert "secret" not in Credential.objects.get(workspace=cast.workspace, kind="calcom").sealed


def test_key_stays_when_it_is_left_empty(cast, settings, owner):
    connect(cast)

    owner.post(f"{settings}/calcom", **FIELDS)

    account = credentials.calcom_account(cast.workspace.pk)
    assert (account.api_key, account.event_type_id) == ("cal_sandbox_abcd", 123400)


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("api_key", "", "Enter an API key of the Cal.com account."),
        ("event_type_id", "consult", "Enter a whole number."),
        ("event_type_id", "0", "greater than or equal to 1"),
        ("time_zone", "Mars/Olympus", "There is no such time zone."),
    ],
)
def test_account_that_cannot_be_is_refused(cast, settings, owner, field, value, complaint):
    fields = {**FIELDS, "calcom-api_key": "cal_x", f"calcom-{field}": value}

    answer = owner.post(f"{settings}/calcom", **fields)

    assert answer.status_code == 200
    assert complaint in text_of(answer)
    assert not Credential.objects.filter(workspace=cast.workspace, kind="calcom").exists()


@pytest.mark.parametrize(
    ("digits", "sentence"),
    [
        ("00", "Key, event type and time zone work."),
        ("10", "Bookings wait for your confirmation, so the agent calls them requested."),
        ("40", "Event type not found"),
        ("42", "This is a managed event type."),
    ],
)
def test_verify_says_what_calcom_says(cast, settings, owner, digits, sentence):
    connect(cast, digits)

    owner.post(f"{settings}/calcom/verify")

    assert sentence in text_of(owner.get(f"{settings}/calcom"))


def test_verify_without_an_account_says_so(settings, owner):
    owner.post(f"{settings}/calcom/verify")

    assert "Cal.com is not connected to this workspace." in text_of(owner.get(f"{settings}/calcom"))


def test_verify_of_a_provider_that_is_away_says_so(cast, start_web):
    web = start_web(CALCOM_BASE_URL="http://127.0.0.1:9/v2")
    owner = Visitor(web.base_url, make_user(cast.workspace))
    connect(cast)

    owner.post(f"/admin/{cast.workspace.slug}/settings/calcom/verify")

    page = text_of(owner.get(f"/admin/{cast.workspace.slug}/settings/calcom"))
    assert "The account could not be checked." in page
    assert "the provider could not be reached" in page
    assert "does not take the account" not in page


class Lists(BaseHTTPRequestHandler):
    """A provider that answers everything with an empty list."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"[]")


def test_verify_of_a_vapi_that_answers_with_something_else_says_so(cast, start_web):
    with HTTPServer(("127.0.0.1", 0), Lists) as provider:
        Thread(target=provider.serve_forever, daemon=True).start()
        web = start_web(VAPI_BASE_URL=f"http://127.0.0.1:{provider.server_port}")
        owner = Visitor(web.base_url, make_user(cast.workspace))
        answer = owner.post(f"/admin/{cast.workspace.slug}/settings/vapi/verify")
        provider.shutdown()

    assert answer.status_code < 400
    page = text_of(owner.get(f"/admin/{cast.workspace.slug}/settings/vapi"))
    assert "The assistant could not be checked." in page
    assert "answer is not readable" in page


def test_account_that_is_refused_replaces_the_stored_one_only_where_one_insists(
    cast, settings, owner
):
    connect(cast)
    fields = {**FIELDS, "calcom-event_type_id": "7740", "calcom-api_key": "cal_sandbox_new"}

    refused = owner.post(f"{settings}/calcom", **fields)
    kept = credentials.calcom_account(cast.workspace.pk)
    owner.post(f"{settings}/calcom", **fields, save_anyway="1")

    assert "Cal.com refuses this account, so it is not saved." in text_of(refused)
    assert 'value="7740"' in refused.text and "cal_sandbox_new" not in refused.text
    assert "What you typed here is not shown again." in text_of(refused)
    assert kept.event_type_id == 7700
    assert credentials.calcom_account(cast.workspace.pk).event_type_id == 7740
    assert "Refused" in text_of(owner.get(f"{settings}/calcom"))
    assert "saved_although" in cast.workspace.log.get(code="calcom.connect").request


def test_account_is_not_saved_unasked_while_the_provider_is_away(cast, start_web):
    web = start_web(CALCOM_BASE_URL="http://127.0.0.1:9/v2")
    owner = Visitor(web.base_url, make_user(cast.workspace))
    path = f"/admin/{cast.workspace.slug}/settings/calcom"
    fields = {**FIELDS, "calcom-api_key": "cal_sandbox_new"}

    away = owner.post(path, **fields)
    nothing = cast.workspace.credentials.filter(kind="calcom").exists()
    owner.post(path, **fields, save_anyway="1")

    assert "Cal.com could not be asked, so the account is not saved." in text_of(away)
    assert not nothing
    assert credentials.calcom_account(cast.workspace.pk).api_key == "cal_sandbox_new"
    assert "Could not be verified" in text_of(owner.get(path))


def test_verify_notes_what_was_said_of_the_account_that_was_asked(cast, settings, owner):
    connect(cast, "00")

    before = text_of(owner.get(f"{settings}/calcom"))
    owner.post(f"{settings}/calcom/verify")
    owner.get(f"{settings}/calcom")
    after = text_of(owner.get(f"{settings}/calcom"))
    connect(cast, "40")

    assert "Not verified yet" in before and "Works" not in before
    assert "Works" in after and "Asked" in after
    assert "Not verified yet" in text_of(owner.get(f"{settings}/calcom"))


@pytest.mark.parametrize("key", ["cal live", "clé", "\u200bcal_live", "k" * 201])
def test_key_that_no_header_can_carry_is_refused(cast, settings, owner, key):
    answer = owner.post(f"{settings}/calcom", **FIELDS, **{"calcom-api_key": key})

    assert answer.status_code == 200
    assert not Credential.objects.filter(workspace=cast.workspace, kind="calcom").exists()


@pytest.mark.parametrize("path", ["twilio", "vapi_tools", "VAPI", "calcom/verify/"])
def test_provider_that_is_not_registered_has_no_page(settings, owner, path):
    assert owner.get(f"{settings}/{path}").status_code == 404
    assert owner.post(f"{settings}/{path}", api_key="x").status_code == 404
    assert owner.post(f"{settings}/{path}/verify").status_code == 404


@pytest.mark.parametrize(("code", "title"), [("vapi", "Vapi account"), ("calcom", "Cal.com")])
def test_account_that_cannot_be_opened_is_asked_for_again(cast, settings, owner, code, title):
    connect(cast)
    row = Credential.objects.filter(workspace=cast.workspace, kind=code)
    row.update(sealed="v1.00000000.AAAA")

    page = text_of(owner.get(f"{settings}/{code}"))
    row.delete()  # it would stop the servers of other tests

    assert title in page
    assert page.count("The stored account cannot be read; enter it again.") == 1


def test_what_is_entered_is_logged_but_for_the_key(cast, settings, owner):
    owner.post(f"{settings}/calcom", **FIELDS, **{"calcom-api_key": "cal_sandbox_secret1234"})

    row = cast.workspace.log.get(action="Change Cal.com account")
    assert row.request["event_type"] == 123400
    assert row.request["time_zone"] == "Europe/Berlin"
    assert set(row.request) == {"by", "event_type", "time_zone"}


def test_setup_page_shows_urls_and_secret(cast, settings, owner):
    page = owner.get(f"{settings}/vapi/events").text

    assert f"/api/vapi/{cast.workspace.slug}/events" in page
    assert f"/api/vapi/{cast.workspace.slug}/tools/bookConsult" in page
    assert own_secrets.tool_secret(cast.workspace) in page


def test_secret_is_the_same_for_all_who_open_the_page_first(cast, settings, owner):
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(owner.get, [f"{settings}/vapi/events"] * 8))

    secret = own_secrets.tool_secret(cast.workspace)
    assert [page.status_code for page in pages] == [200] * 8
    assert all(secret in page.text for page in pages)


def test_renewed_secret_replaces_the_old_one(cast, settings, owner):
    old = own_secrets.tool_secret(cast.workspace)

    answer = owner.post(f"{settings}/vapi/events/renew")

    new = own_secrets.tool_secret(cast.workspace)
    page = owner.get(answer.headers["Location"])
    assert old != new and new in page.text and old not in page.text
    assert "The secret is new." in text_of(page)
    assert "Renew tool secret" in str(list(cast.workspace.log.values_list("action", flat=True)))
