"""Below /api/ everything is JSON in one shape, whoever answers: our views, DRF or Django."""

import json

import pytest
import requests
from django.db import connection
from django.db.models.expressions import RawSQL

from leads.models import Lead
from tests import wire
from tests.client import PATH, Api
from tests.envelope import INVALID_JSON, assert_error
from tests.factories import make_lead, make_phone

NOT_FOUND = "Not found."
BAD_REQUEST = "Bad request."
METHOD_NOT_ALLOWED = "Method not allowed."


@pytest.fixture(scope="module")
def debug_web(start_web):
    """A development server: with DEBUG=1 Django answers errors with HTML of its own."""
    return start_web(DEBUG="1", PUBLIC_API_RATE_LIMITS="100000/m")


@pytest.fixture(params=["production", "development"])
def client(request, web, cast):
    """The same client at a production and at a development server."""
    server = web if request.param == "production" else request.getfixturevalue("debug_web")
    return Api(server.base_url, cast.key)


def damage_time(lead) -> None:
    """Put a time into a row that the database adapter cannot read: the view fails."""
    unreadable = {"sqlite": "2026-99-99 00:00:00", "postgresql": "infinity"}[connection.vendor]
    Lead.objects.filter(pk=lead.pk).update(booking_start=RawSQL("%s", (unreadable,)))


def damage_number(lead) -> None:
    """Put a number into a row that JSON cannot hold: the answer fails after the view."""
    endless = f'{{"a": 1{"0" * 400}.5}}'
    Lead.objects.filter(pk=lead.pk).update(metadata=RawSQL(f"'{endless}'", ()))


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/public",
        "/api/public/",
        "/api/public/lead",
        "/api/public/leads/a/b",
        "/api",
        "//api",
        "/API/public/leads",
        "//Api//public",
        "/./api/x",
        "/%61pi/x",
        "/api%2Fprivate",
        "/api/private/leads",
        "/api/public/leads.json",
        "/api/favicon.ico",
        "/api/%00",
        "/api/%ff%fe",
        "/api/../api/x",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_path_is_not_found(client, path, method):
    assert_error(client.ask(method, path), 404, NOT_FOUND)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_wrong_method_on_leads_names_the_right_ones(client, method):
    response = client.ask(method, PATH)

    assert_error(response, 405, METHOD_NOT_ALLOWED)
    assert response.headers["Allow"] == "GET, POST, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_wrong_method_on_a_lead_names_the_right_ones(client, cast, method):
    response = client.ask(method, f"{PATH}/{make_lead(cast.workspace).pk}")

    assert_error(response, 405, METHOD_NOT_ALLOWED)
    assert response.headers["Allow"] == "GET, DELETE, HEAD, OPTIONS"


def test_wrong_method_without_a_key_is_unauthorized(web):
    response = requests.delete(web.base_url + PATH, timeout=30)

    assert_error(response, 401, "Missing Authorization header.")


@pytest.mark.parametrize("found", [True, False])
def test_head_answers_as_get_but_without_a_body(web, cast, found):
    path = f"{PATH}/{make_lead(cast.workspace).pk if found else 'x'}"
    head = f"HEAD {path} HTTP/1.1\nAuthorization: Bearer {cast.key}\n"

    response = wire.send(web.base_url, head)

    assert response.status_code == (200 if found else 404)
    assert response.headers["Content-Type"] == "application/json"
    assert response.content == b""


def test_head_on_leads_answers_as_a_list_without_a_body(api):
    response = api.ask("HEAD", PATH)

    assert (response.status_code, response.content) == (200, b"")


def test_query_of_a_thousand_names_is_a_bad_request(client):
    response = client.ask("GET", f"{PATH}?{'a&' * 1_500}")

    assert_error(response, 400, BAD_REQUEST)


@pytest.mark.parametrize("path", [PATH, f"{PATH}/x"])
def test_options_is_a_success_of_its_own(client, path):
    response = client.ask("OPTIONS", path)

    assert (response.status_code, response.json()["ok"]) == (200, True)
    assert response.headers["Content-Type"] == "application/json"
    assert "OPTIONS" in response.headers["Allow"]


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*", "nonsense", ""])
@pytest.mark.parametrize("query", ["", "?format=api", "?format=xml", "?format=html"])
def test_nobody_gets_anything_but_json(client, cast, accept, query):
    path = f"{PATH}/{make_lead(cast.workspace).pk}{query}"

    found = client.ask("GET", path, headers={"Accept": accept})
    missing = client.ask("GET", f"/api/nothing{query}", headers={"Accept": accept})

    assert found.json()["ok"] is True
    assert found.headers["Content-Type"] == "application/json"
    assert_error(missing, 404, NOT_FOUND)


def test_slash_at_the_end_is_accepted_and_changes_nothing(api, cast):
    response = api.ask("POST", f"{PATH}/", json={})
    lead = api.ask(
        "POST", f"{PATH}/", json={"name": "J", "phone": "+447123456789", "consent": True}
    )

    assert_error(response, 400, "`consent` must be true.")
    assert lead.status_code == 201
    assert lead.headers["Location"] == f"{PATH}/{lead.json()['leadId']}"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "[::1", "a b", "_"])
def test_foreign_host_is_a_bad_request(client, host):
    response = client.ask("GET", f"{PATH}/x", headers={"Host": host})

    assert_error(response, 400, BAD_REQUEST)


@pytest.mark.parametrize("damage", [damage_time, damage_number])
def test_exception_nobody_thought_of_leaks_nothing(client, cast, damage):
    lead = make_lead(cast.workspace)
    damage(lead)

    response = client.read(lead.pk)

    assert_error(response, 500, "Internal server error.")


@pytest.mark.parametrize("damage", [damage_time, damage_number])
def test_exception_nobody_thought_of_is_reported_to_the_log(web, api, cast, damage):
    lead = make_lead(cast.workspace)
    damage(lead)

    request_id = api.read(lead.pk).headers["X-Request-Id"]

    lines = [json.loads(line) for line in web.output().splitlines() if request_id in line]
    [report] = [line for line in lines if line["level"] == "ERROR"]
    assert f"{PATH}/{lead.pk}" in report["message"]
    assert report["exc_info"].startswith("Traceback")


def test_plain_http_is_refused_where_https_is_required(start_web, cast):
    web = start_web(SECURE_SSL_REDIRECT="1", PUBLIC_API_RATE_LIMITS="100000/m")
    api = Api(web.base_url, cast.key)

    refused = [api.submit(), api.ask("GET", "/api/"), api.ask("GET", f"{PATH}/")]
    secure = api.post(data=b"{", headers={"X-Forwarded-Proto": "https"})

    for response in refused:
        assert_error(response, 403, "HTTPS is required.")
    assert_error(secure, 400, INVALID_JSON)
    assert not cast.workspace.leads.exists()


def test_answers_are_not_kept_by_caches(api):
    for response in (api.submit(), api.read("x"), api.ask("GET", "/api/")):
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (f"GET {PATH}/{'x' * 9000} HTTP/1.1", 414),
        (f"GET {PATH} HTTP/1.1\nX-Long: {'x' * 40_000}", 431),
        (f"GET {PATH} HTTP/1.1\n" + "\n".join(f"X-{n}: 1" for n in range(200)), 431),
        (f"GET {PATH} HTTP/9.9", 400),
        (f"get {PATH} HTTP/1.1", 400),
        (f"GET {PATH} HTTP/1.1\nContent-Length: -1", 400),
        (f"GET {PATH} HTTP/1.1\nContent-Length: ten", 400),
        (f"GET {PATH} HTTP/1.1\nNo colon", 400),
        (f"GET {PATH} HTTP/1.1\nX-Nul: a\0b", 400),
        (f"GET {PATH} HTTP/1.1\nTransfer-Encoding: nonsense", 400),
        ("nonsense", 400),
    ],
)
def test_what_is_no_http_request_is_refused_in_the_envelope_too(web, head, status):
    response = wire.send(web.base_url, head)

    assert_error(response, status, BAD_REQUEST)


SLASHED = [
    *("//api/public/leads", "///api//public///leads", "//api/public/leads//"),
    "/api/./public/leads",
]


@pytest.mark.parametrize("path", SLASHED)
def test_repeated_slashes_count_as_one(client, cast, path):
    lead = make_lead(cast.workspace)
    body = {"name": "Jane Doe", "phone": make_phone(), "consent": True}

    created = client.ask("POST", path, json=body)
    read = client.ask("GET", f"{path}//{lead.pk}")

    assert (created.status_code, read.status_code) == (201, 200), created.text
    assert created.headers["Location"].startswith(f"{PATH}/")
    assert read.json()["lead"]["id"] == str(lead.pk)


def test_options_shows_no_words_of_the_code(client):
    body = client.ask("OPTIONS", PATH).json()

    assert set(body) == {"ok", "name", "renders", "parses"}
    assert "DRF" not in str(body) and "Submit a lead, read" not in str(body)
