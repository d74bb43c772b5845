"""nginx as compose.yaml starts it: what depends on whether ./certs holds certificates."""

import re

import pytest
import requests
import yaml

from tests import nginx
from tests.client import PATH
from tests.servers import ROOT, ForkedWebServer

pytestmark = pytest.mark.skipif(not nginx.is_installed(), reason="nginx is not installed")
HTTPS_REQUIRED = {"ok": False, "error": "HTTPS is required."}


@pytest.fixture(scope="module")
def server(providers):
    running = ForkedWebServer(
        **providers,
        PUBLIC_BASE_URL=f"https://{nginx.HOST}",
        SECURE_SSL_REDIRECT="1",
        TRUSTED_PROXIES="1",
    ).start()
    yield running
    running.kill()


@pytest.fixture(params=[True, False], ids=["certificates", "no certificates"])
def either(request, server, tmp_path):
    """nginx with certificates, then one without."""
    with nginx.running_in_compose(
        tmp_path, server.port, server.port, with_certificates=request.param
    ) as running:
        yield running


@pytest.fixture
def with_tls(server, tmp_path):
    with nginx.running_in_compose(tmp_path, server.port, server.port) as running:
        yield running


@pytest.fixture
def without_tls(server, tmp_path):
    with nginx.running_in_compose(
        tmp_path, server.port, server.port, with_certificates=False
    ) as running:
        yield running


def ask_plainly(front, method: str, path: str, **headers: str) -> requests.Response:
    """Send a request over plain HTTP."""
    return requests.request(
        method,
        f"http://127.0.0.1:{front.plain_port}{path}",
        headers={"Host": nginx.HOST, **headers},
        timeout=30,
        allow_redirects=False,
    )


def test_key_in_the_clear_is_refused(either, cast):
    answer = ask_plainly(either, "POST", PATH, Authorization=f"Bearer {cast.key}")

    assert (answer.status_code, answer.json()) == (403, HTTPS_REQUIRED)


def test_probes_and_figures_are_for_inside(either):
    paths = ("/readyz", "/metrics")

    statuses = [ask_plainly(either, "GET", path).status_code for path in paths]

    assert statuses == [404, 404]


def test_certbot_is_answered_over_plain_http(either, tmp_path):
    path = ".well-known/acme-challenge/a-token"
    file = tmp_path / "certs" / "webroot" / path
    file.parent.mkdir(parents=True)
    file.write_text("what certbot wrote")

    answer = ask_plainly(either, "GET", f"/{path}")

    assert (answer.status_code, answer.text) == (200, "what certbot wrote")


def test_certificates_are_out_of_reach(either):
    spellings = ("../privkey.pem", "%2e%2e/%2e%2e/%2e%2e/privkey.pem", "privkey.pem")

    answers = [
        ask_plainly(either, "GET", f"/.well-known/acme-challenge/{spelling}")
        for spelling in spellings
    ]

    assert {answer.status_code for answer in answers} <= {301, 400, 404}
    assert not any("PRIVATE KEY" in answer.text for answer in answers)


def test_with_certificates_pages_over_plain_http_are_sent_to_the_port_of_https(with_tls):
    page = ask_plainly(with_tls, "GET", "/sign-in?next=/", **{"X-Forwarded-Proto": "https"})

    there = f"https://{nginx.HOST}:{with_tls.tls_port}/sign-in?next=/"
    assert (page.status_code, page.headers["Location"]) == (301, there)


def test_with_certificates_nobody_passes_for_https_by_a_header(with_tls, cast):
    headers = {"Authorization": f"Bearer {cast.key}", "X-Forwarded-Proto": "https"}

    answer = ask_plainly(with_tls, "POST", PATH, **headers)

    assert (answer.status_code, answer.json()) == (403, HTTPS_REQUIRED)


def test_without_certificates_a_proxy_in_front_says_that_it_was_https(without_tls):
    through = ask_plainly(without_tls, "GET", "/sign-in", **{"X-Forwarded-Proto": "https"})
    plain = ask_plainly(without_tls, "GET", "/sign-in")

    assert (through.status_code, plain.status_code) == (200, 301)


def test_nginx_writes_no_line_with_what_was_searched_for(either, tmp_path):
    ask_plainly(either, "GET", "/admin/acme/leads?q=07700900123")

    assert_lines_hold_nothing(tmp_path, "07700900123", wanted="GET 30")


def test_recipe_for_systemd_writes_neither_searches_nor_paths(tmp_path):
    with nginx.running(tmp_path, (nginx.NOBODY, nginx.NOBODY)) as front:
        answer = requests.get(
            f"{front.base_url}/admin/acme/leads?q=07700900123",
            headers={"Host": nginx.HOST},
            verify=str(front.certificate),
            timeout=30,
        )

    assert answer.status_code == 502  # which nginx would write as an error, with the whole address
    assert_lines_hold_nothing(tmp_path, "07700900123", wanted="GET 502")


def assert_lines_hold_nothing(folder, searched: str, wanted: str):
    """Assert that nginx wrote lines, among them a wanted one, and in none what was searched."""
    lines = "".join(path.read_text() for path in folder.glob("*.log"))

    assert wanted in lines
    assert searched not in lines and "/admin/" not in lines


def test_either_pool_takes_what_the_other_cannot(server, tmp_path):
    with nginx.running_in_compose(tmp_path, nginx.NOBODY, server.port) as front:
        page = requests.get(
            f"{front.base_url}/sign-in",
            headers={"Host": nginx.HOST},
            verify=str(front.certificate),
            timeout=30,
        )

    assert page.status_code == 200


@pytest.mark.parametrize("published", ["443", "192.0.2.1:443"])
def test_the_usual_port_is_not_named(server, tmp_path, published):
    with nginx.running_in_compose(tmp_path, server.port, server.port, published=published) as front:
        page = ask_plainly(front, "GET", "/sign-in")

    assert page.headers["Location"] == f"https://{nginx.HOST}/sign-in"


def test_compose_starts_what_nginx_asks_and_mounts_what_is_here():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    asked = re.findall(r"server (\S+):8000", (nginx.RECIPES / "compose" / "pools.conf").read_text())
    mounted = [volume.split(":") for volume in services["nginx"]["volumes"]]

    assert set(asked) == {"web", "submissions"} == set(services["nginx"]["depends_on"])
    assert services["web"] == services["submissions"]
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert {there: (ROOT / here).is_dir() for here, there, _ in mounted} == {
        "/etc/nginx/coachbot": True,
        "/etc/nginx/snippets": True,
        "/etc/nginx/certs": (ROOT / "certs").is_dir(),  # made by Docker where it is missing
    }
    assert services["nginx"]["command"] == "sh /etc/nginx/coachbot/start.sh"
