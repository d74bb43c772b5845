"""A database or a cache that is down: 503 in the envelope, and it says when to come back."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from redis.exceptions import ConnectionError as RedisConnectionError

from leads.api.views import LeadViewSet
from tests.client import Api
from tests.dashboard import Visitor, text_of
from tests.envelope import assert_error
from tests.factories import make_user
from tests.servers import free_port

UNAVAILABLE = "Service temporarily unavailable."


def assert_unavailable(response):
    assert_error(response, 503, UNAVAILABLE)
    assert int(response.headers["Retry-After"]) >= 1


def test_database_that_is_down(start_web, cast):
    api = Api(start_web(DATABASE_URL="sqlite:////nowhere/at/all.sqlite3").base_url, cast.key)

    assert_unavailable(api.submit())
    assert_unavailable(api.read("x"))


def test_cache_that_is_down(start_web, cast):
    web = start_web(REDIS_URL=f"redis://127.0.0.1:{free_port()}")
    api = Api(web.base_url, cast.key)

    assert_unavailable(api.submit())
    assert_unavailable(Api(web.base_url, "wrong").read("x"))
    assert not cast.workspace.leads.exists()


def test_pages_say_so_too(start_web, cast):
    without_database = start_web(DATABASE_URL="sqlite:////nowhere/at/all.sqlite3")
    without_cache = start_web(REDIS_URL=f"redis://127.0.0.1:{free_port()}")

    owner = Visitor(without_database.base_url, make_user(cast.workspace))
    page = owner.get(f"/admin/{cast.workspace.slug}/")
    signed_in = Visitor(without_cache.base_url).post("/sign-in", username="x@y.z", password="x")

    for answer in (page, signed_in):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) >= 1
        assert "Back in a moment" in text_of(answer)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, RedisConnectionError])
def test_outage_once_the_view_is_done_is_no_fault_of_ours(monkeypatch, error):
    def finalize_response(*about, **more):
        raise error("gone")

    monkeypatch.setattr(LeadViewSet, "finalize_response", finalize_response)
    answer = Client(raise_request_exception=False).get("/api/public/leads/x")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json()["error"] == UNAVAILABLE
    assert "It is not known what became of the request." in answer.json()["message"]
