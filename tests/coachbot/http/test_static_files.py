"""A server whose static files were not collected: the API is whole, and pages are there."""

import pytest
import requests

from tests.client import PATH, Api
from tests.dashboard import Visitor
from tests.envelope import assert_error
from tests.factories import make_cast, make_user
from tests.servers import WebServer


@pytest.fixture(scope="module")
def bare(providers, tmp_path_factory):
    """gunicorn by hand with DEBUG=0 and an empty STATIC_ROOT."""
    folder = str(tmp_path_factory.mktemp("static"))
    server = WebServer(**providers, STATIC_ROOT=folder, PUBLIC_API_RATE_LIMITS="1000/m").start()
    yield server
    server.kill()


def test_api_needs_no_static_file(bare, sandbox):
    cast = make_cast(sandbox)
    api = Api(bare.base_url, cast.key)

    created = api.submit()

    assert created.status_code == 201
    assert api.read(created.json()["leadId"]).status_code == 200
    assert_error(api.ask("GET", "/api/unknown"), 404, "Not found.")
    assert_error(api.ask("GET", f"{PATH}/x"), 404, "Lead not found.")
    assert_error(api.ask("GET", PATH, headers={"Host": "elsewhere"}), 400, "Bad request.")
    assert api.ask("GET", "/api/schema").status_code == 200


def test_pages_are_there_without_their_looks(bare, sandbox):
    workspace = make_cast(sandbox).workspace
    visitor = Visitor(bare.base_url, make_user(workspace))

    assert visitor.get(f"/admin/{workspace.slug}/leads").status_code == 200
    assert visitor.get("/docs").status_code == 200
    assert visitor.get("/no-such-page").status_code == 404


def test_start_says_what_is_missing_and_how_to_make_it(bare):
    assert "manage.py collectstatic" in bare.output()


def test_process_is_not_ready_without_what_its_pages_need(bare):
    answer = requests.get(f"{bare.base_url}/readyz", timeout=10)

    assert (answer.status_code, answer.json()["static"]) == (503, False)
