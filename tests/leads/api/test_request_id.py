"""X-Request-Id: on every response, the caller's own where it is a sane one."""

import re

import pytest
import requests

from tests.client import PATH

NEW = re.compile(r"[0-9a-f]{32}")


@pytest.mark.parametrize(
    "sent", ["a", "A-b_c.9", "5c1e7a52-6c1b-4d0e-9b3f-2f1f5b1c7a10", "x" * 128]
)
def test_sane_id_of_the_caller_is_answered(api, sent):
    response = api.ask("GET", f"{PATH}/x", headers={"X-Request-Id": sent})

    assert response.headers["X-Request-Id"] == sent


@pytest.mark.parametrize("sent", ["", "x" * 129, "a b", "a\tb", "é", "<script>", "a,b", "id;x=1"])
def test_any_other_id_is_replaced(api, sent):
    response = api.ask("GET", f"{PATH}/x", headers={"X-Request-Id": sent.encode("latin-1")})

    assert NEW.fullmatch(response.headers["X-Request-Id"])


def test_each_request_without_an_id_gets_one_of_its_own(api):
    ids = {api.read("x").headers["X-Request-Id"] for _ in range(5)}

    assert len(ids) == 5
    assert all(NEW.fullmatch(request_id) for request_id in ids)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", PATH, 400),
        ("PUT", PATH, 405),
        ("GET", f"{PATH}/x", 404),
        ("GET", "/api/", 404),
        ("OPTIONS", PATH, 200),
        ("GET", "/no/such/page", 404),
    ],
)
def test_every_response_carries_the_id(api, method, path, status):
    response = api.ask(method, path, headers={"X-Request-Id": "mine"})

    assert (response.status_code, response.headers["X-Request-Id"]) == (status, "mine")


def test_refusals_before_any_view_carry_the_id(web):
    sent = {"X-Request-Id": "mine"}
    unauthorized = requests.post(web.base_url + PATH, headers=sent, timeout=30)
    foreign = requests.get(
        web.base_url + PATH, headers={**sent, "Host": "evil.example"}, timeout=30
    )

    assert (unauthorized.status_code, unauthorized.headers["X-Request-Id"]) == (401, "mine")
    assert (foreign.status_code, foreign.headers["X-Request-Id"]) == (400, "mine")


def test_success_carries_the_id(api):
    assert NEW.fullmatch(api.submit().headers["X-Request-Id"])
