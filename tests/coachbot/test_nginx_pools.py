"""The two pools of web processes behind nginx, by the recipe for systemd and in compose.yaml."""

import http.client
import json
import ssl
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests import nginx
from tests.client import PATH
from tests.factories import make_lead, make_phone
from tests.servers import ForkedWebServer, wait_until

pytestmark = pytest.mark.skipif(not nginx.is_installed(), reason="nginx is not installed")
SILENT = "60"  # the sandbox places the call and never answers
THREADS, CALLS = 6, 2


@dataclass
class Answer:
    """What came through nginx, and the id under which a server's log has it."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes
    request_id: str


class Front:
    """Talks through an nginx with one key."""

    def __init__(self, running: nginx.Nginx, key: str):
        self.nginx = running
        self.headers = {"Host": nginx.HOST, "Authorization": f"Bearer {key}"}
        if not running.certificate:  # a proxy with TLS stands in front
            self.headers["X-Forwarded-Proto"] = "https"

    def ask(self, method: str, path: str, body: dict | None = None) -> Answer:
        """Send a request with the path as it is: `requests` takes repeated slashes out."""
        request_id = uuid.uuid4().hex
        headers = {**self.headers, "X-Request-Id": request_id, "Content-Type": "application/json"}
        connection = self._connect()
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read(), request_id)
        finally:
            connection.close()

    def submit(self, path: str = PATH, phone: str = "") -> Answer:
        body = {"name": "Jane Doe", "phone": phone or make_phone(), "consent": True}
        return self.ask("POST", path, body)

    def _connect(self) -> http.client.HTTPConnection:
        address = urlsplit(self.nginx.base_url)
        if address.scheme == "http":
            return http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        trust = ssl.create_default_context(cafile=str(self.nginx.certificate))
        return http.client.HTTPSConnection(
            address.hostname, address.port, timeout=30, context=trust
        )


@pytest.fixture(scope="module")
def servers(providers):
    """A server for each pool. A silent Vapi can take every thread of either."""
    with ExitStack() as running:
        started = {}
        for name in ("web", "submissions"):
            started[name] = ForkedWebServer(
                **providers,
                PUBLIC_BASE_URL=f"https://{nginx.HOST}",
                SECURE_SSL_REDIRECT="1",
                TRUSTED_PROXIES="1",
                PUBLIC_API_RATE_LIMITS="1000/m",
                WEB_CONCURRENCY="1",
                WEB_THREADS=str(THREADS),
                CALLS_IN_FLIGHT=str(CALLS),
                VAPI_TIMEOUT="4",
            ).start()
            running.callback(started[name].kill)
        yield started


RECIPES = {
    "systemd": lambda folder, web, second: nginx.running(folder, (web, web), second),
    "compose": nginx.running_in_compose,
    "compose, no certificates": lambda *where: nginx.running_in_compose(
        *where, with_certificates=False
    ),
}


@pytest.fixture(params=RECIPES)
def put_up(request, tmp_path, servers, cast):
    """Return a function that puts nginx up in front of the servers, or of other ports."""
    with ExitStack() as running:

        def start(**ports) -> Front:
            ports = {name: server.port for name, server in servers.items()} | ports
            recipe = RECIPES[request.param](tmp_path, ports["web"], ports["submissions"])
            return Front(running.enter_context(recipe), cast.key)

        yield start


@pytest.fixture
def who_answered(servers):
    """Return a function that tells which servers have written a line about a request."""

    def look(answer: Answer) -> list[str]:
        def found() -> list[str]:
            return [name for name, web in servers.items() if answer.request_id in web.output()]

        wait_until(found, "the line of the request")
        return found()

    return look


def test_submissions_go_to_the_second_pool_and_all_else_to_the_first(put_up, who_answered):
    front = put_up()
    posts = [front.submit(path) for path in (PATH, f"{PATH}/", "//api//public/leads")]
    forms = [front.ask("POST", path) for path in (f"/api/intake/{'0' * 32}", "/forms/nobody")]
    lead = f"{PATH}/{json.loads(posts[0].content)['leadId']}"
    others = [
        front.ask("GET", PATH),
        front.ask("OPTIONS", PATH),
        front.ask("GET", lead),
        front.ask("GET", f"/{lead}"),
        front.ask("POST", lead),
        front.ask("POST", f"{PATH}x"),
        front.ask("POST", "/api/vapi/events"),
        front.ask("GET", "/sign-in"),
        front.ask("GET", "/forms/nobody"),
    ]

    assert [answer.status for answer in posts] == [201] * 3
    assert [who_answered(answer) for answer in posts] == [["submissions"]] * 3
    assert [who_answered(answer) for answer in forms] == [["submissions"]] * 2
    assert [who_answered(answer) for answer in others] == [["web"]] * len(others)
    assert [answer.status for answer in others[2:4]] == [200, 200]


def test_reads_are_quick_while_the_second_pool_is_full(put_up, cast):
    front, lead = put_up(), make_lead(cast.workspace)
    with ThreadPoolExecutor(CALLS) as callers:
        calls = [callers.submit(front.submit, phone=make_phone(SILENT)) for _ in range(CALLS)]
        wait_until(lambda: len(cast.placed()) == CALLS, "every place to be taken")
        started = time.monotonic()
        read = front.ask("GET", f"{PATH}/{lead.pk}")
        seconds = time.monotonic() - started

        assert not any(call.done() for call in calls)
    assert (read.status, [call.result().status for call in calls]) == (200, [201] * CALLS)
    assert seconds < 1


def test_without_a_second_pool_the_first_takes_submissions(put_up, who_answered):
    front = put_up(submissions=nginx.NOBODY)

    answer = front.submit()

    assert (answer.status, who_answered(answer)) == (201, ["web"])


def test_answer_is_in_the_envelope_while_no_pool_is_there(put_up):
    front = put_up(web=nginx.NOBODY, submissions=nginx.NOBODY)

    answer = front.submit()

    error = {"ok": False, "error": "Service temporarily unavailable."}
    assert (answer.status, json.loads(answer.content)) == (503, error)
    assert answer.headers["Retry-After"] == "5"


def test_body_that_is_too_large_is_refused_in_the_envelope(put_up):
    answer = put_up().ask("POST", PATH, {"name": "x" * 6_000_000})

    error = {"ok": False, "error": "Request body is too large."}
    assert (answer.status, json.loads(answer.content)) == (413, error)
