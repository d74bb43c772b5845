"""Pages while something is missing that they need: the answer, its line, its figure, readiness."""

import os
import shutil

import pytest
import requests

from tests.client import PATH, Api
from tests.dashboard import Visitor, text_of
from tests.factories import make_phone, make_user
from tests.servers import ROOT, ForkedWebServer, WebServer, free_port, wait_until

TOKEN = "scrape-me"


@pytest.fixture
def start(providers, tmp_path):
    """Return a function that starts a server whose templates are a copy, in `folder`."""
    servers = []

    def start_server(kind=ForkedWebServer, **settings):
        own = {
            "DJANGO_SETTINGS_MODULE": "tests.coachbot.http.pages.settings",
            "TEMPLATES_FOLDER": str(tmp_path / "templates"),
            "WEB_CONCURRENCY": "1",
            "METRICS_TOKEN": TOKEN,
        }
        servers.append(kind(**providers, **own, **settings).start())
        return servers[-1]

    start_server.folder = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", start_server.folder)
    yield start_server
    for server in servers:
        server.kill()


def readiness(server) -> tuple[int, bool]:
    answer = requests.get(f"{server.base_url}/readyz", timeout=10)
    return answer.status_code, answer.json()["static"]


def pull(folder) -> None:
    """Bring templates that neither the code nor the list of static files knows."""
    (folder / "base.html").write_text("{% load static %}{% of_another_release %}")
    (folder / "404.html").write_text("{% extends 'base.html' %}")


def test_running_process_does_not_mind_that_templates_change(start):
    server = start()
    pull(start.folder)

    page = requests.get(f"{server.base_url}/sign-in", timeout=10)

    assert page.status_code == 200 and "Sign in" in text_of(page)
    assert readiness(server) == (200, True)


def test_failing_pages_are_answered_logged_and_counted(start):
    pull(start.folder)
    server = start()
    headers = {"X-Request-Id": "page-that-fails"}

    page = requests.get(f"{server.base_url}/sign-in", headers=headers, timeout=10)
    missing = requests.get(f"{server.base_url}/nowhere", headers=headers, timeout=10)

    assert (page.status_code, missing.status_code) == (500, 404)
    assert "Something went wrong here" in text_of(page)
    assert "There is nothing here for you" in text_of(missing)
    assert page.headers["X-Request-Id"] == missing.headers["X-Request-Id"] == "page-that-fails"
    wait_until(lambda: '"status": 404' in server.output(), "the access lines", 5)
    assert '"route": "sign_in", "status": 500' in server.output()
    figures = requests.get(
        f"{server.base_url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10
    )
    assert 'route="sign_in",status="500"} 1.0' in figures.text


def test_wrong_address_is_answered_alike_in_development_and_a_fault_is_shown(start, start_web):
    web = start_web(DEBUG="1")

    missing = [requests.get(web.base_url + path, timeout=10) for path in ("/nowhere", "/admin/x/")]
    pull(start.folder)
    failing = requests.get(f"{start(DEBUG='1').base_url}/sign-in", timeout=10)

    assert [page.status_code for page in missing] == [404, 404]
    assert all("There is nothing here for you" in text_of(page) for page in missing)
    assert not any("DEBUG" in page.text for page in missing)
    assert "TemplateSyntaxError" in failing.text


def test_process_is_not_ready_where_templates_need_what_was_not_collected(start):
    page = start.folder / "base.html"
    page.write_text(page.read_text() + "{% static 'coachbot/of-tomorrow.js' %}")

    server = start(WebServer)  # whose check says it

    assert readiness(server) == (503, False)
    assert "coachbot/of-tomorrow.js" in server.output()
    assert requests.get(f"{server.base_url}/sign-in", timeout=10).status_code == 200


def test_half_written_list_of_static_files_is_none(start, tmp_path):
    shutil.copytree(os.environ["STATIC_ROOT"], tmp_path / "static")
    (tmp_path / "static" / "staticfiles.json").write_text('{"paths": {"coachbot/ba')

    server = start(STATIC_ROOT=str(tmp_path / "static"))

    assert readiness(server) == (503, False)
    assert requests.get(f"{server.base_url}/sign-in", timeout=10).status_code == 200


def test_pages_without_a_database_say_so(start, cast):
    user = make_user(cast.workspace)
    gone = f"postgres://user:x@127.0.0.1:{free_port()}/gone"
    server = start(DATABASE_URL=gone, DATABASE_POOL_TIMEOUT="1")

    page = Visitor(server.base_url, user).get(f"/admin/{cast.workspace.slug}/leads")

    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "cannot reach its database" in text_of(page)


def test_script_name_of_one_request_is_in_no_address_of_later_ones(start, cast):
    """Each process keeps the path of leads from its first request on."""
    server = start()
    api = Api(server.base_url, cast.key)
    body = {"name": "Jane Doe", "phone": make_phone(), "consent": True}

    first = api.ask("POST", f"/evil{PATH}", json=body, headers={"SCRIPT_NAME": "/evil"})
    later = api.submit()

    assert first.headers["Location"] == f"{PATH}/{first.json()['leadId']}"
    assert later.headers["Location"] == f"{PATH}/{later.json()['leadId']}"
