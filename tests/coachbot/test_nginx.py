"""The nginx of deploy/nginx in front of a real server."""

import http.client
import json
import socket

import pytest
import requests

from leads.models import Lead
from tests import nginx
from tests.client import PATH
from tests.factories import make_phone, make_user
from tests.servers import ForkedWebServer

pytestmark = pytest.mark.skipif(not nginx.is_installed(), reason="nginx is not installed")
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def front(providers, tmp_path_factory):
    """nginx on another port than 443, as one behind a router or beside another server is."""
    server = ForkedWebServer(
        **providers,
        PUBLIC_BASE_URL=f"https://{nginx.HOST}",
        SECURE_SSL_REDIRECT="1",
        TRUSTED_PROXIES="1",
        PUBLIC_API_RATE_LIMITS="1000/m",
    ).start()
    folder = tmp_path_factory.mktemp("nginx")
    with nginx.running(folder, (server.port, server.port)) as running:
        yield running
    server.kill()


@pytest.fixture
def browser(front):
    """A session that goes where a browser with that address would go, and says so."""
    session = requests.Session()
    session.verify, session.trust_env = str(front.certificate), False
    host = f"{nginx.HOST}:{front.tls_port}"
    session.headers = {"Host": host, "Origin": f"https://{host}", "Referer": f"https://{host}/"}
    return session


def test_member_signs_in_through_another_port_than_443(front, browser, cast):
    user = make_user(cast.workspace, password=PASSWORD)
    url = f"{front.base_url}/sign-in"
    page = browser.get(url, timeout=30).text
    token = page.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"username": user.email, "password": PASSWORD, "csrfmiddlewaretoken": token}

    answer = browser.post(url, data=form, timeout=30, allow_redirects=False)
    own = browser.get(f"{front.base_url}/admin/{cast.workspace.slug}/", timeout=30)

    assert (answer.status_code, answer.headers.get("Location")) == (302, "/")
    assert own.status_code == 200


def test_lead_keeps_the_address_that_nginx_saw(front, browser, cast):
    answer = browser.post(
        front.base_url + PATH,
        json={"name": "Jane Doe", "phone": make_phone(), "consent": True},
        headers={"Authorization": f"Bearer {cast.key}", "X-Forwarded-For": "198.51.100.1"},
        timeout=30,
    )

    assert answer.status_code == 201, answer.text
    assert Lead.objects.get(pk=answer.json()["leadId"]).consent_address == "127.0.0.1"


def test_plain_http_is_sent_to_https_and_a_key_in_it_refused(front, cast):
    plain, host = f"http://127.0.0.1:{front.plain_port}", {"Host": nginx.HOST}

    page = requests.get(f"{plain}/sign-in", headers=host, timeout=30, allow_redirects=False)
    key = {**host, "Authorization": f"Bearer {cast.key}"}
    api = requests.post(plain + PATH, headers=key, json={}, timeout=30)

    assert (page.status_code, page.headers["Location"]) == (301, f"https://{nginx.HOST}/sign-in")
    assert (api.status_code, api.json()) == (403, {"ok": False, "error": "HTTPS is required."})


REFUSED = {
    "a line that is no request": (b"GET  /api/ x\r\n\r\n", 400, "Bad request."),
    "no host": (b"GET /api/public/leads HTTP/1.1\r\n\r\n", 400, "Bad request."),
    "two lengths": (
        b"POST /api/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        400,
        "Bad request.",
    ),
    "an unknown encoding": (
        b"POST /api/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        400,
        "Bad request.",
    ),
    "trace": (b"TRACE /api/ HTTP/1.1\r\nHost: a\r\n\r\n", 405, "Method not allowed."),
    "a long address": (
        b"GET /api/" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        414,
        "Bad request.",
    ),
    "a long header": (
        b"GET /api/ HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 40_000 + b"\r\n\r\n",
        431,
        "Bad request.",
    ),
}


@pytest.mark.parametrize(("sent", "status", "error"), REFUSED.values(), ids=REFUSED)
def test_what_nginx_refuses_by_itself_is_in_the_envelope(front, sent, status, error):
    with socket.create_connection(("127.0.0.1", front.plain_port), timeout=10) as connection:
        connection.sendall(sent)
        answer = http.client.HTTPResponse(connection)
        answer.begin()

        assert answer.status == status
        assert answer.headers["Content-Type"] == "application/json"
        assert json.loads(answer.read()) == {"ok": False, "error": error}


def test_nginx_writes_no_address_down(front, browser, cast):
    browser.get(f"{front.base_url}/admin/{cast.workspace.slug}/leads?text=Zebulon", timeout=30)

    logs = front.folder.glob("nginx-*.log")
    assert not any("Zebulon" in path.read_text() for path in logs)
