"""RateLimit and RateLimit-Policy: on every answer to a request that was counted."""

import re

import pytest

from tests.client import Api
from tests.factories import make_phone
from tests.windows import make_limited_api
from workspaces.rate_limits.headers import rate_limit_headers
from workspaces.rate_limits.windows import Window

POLICY = '"minute";q=100000;w=60, "hour";q=1000000;w=3600'


def state(response) -> dict[str, tuple[int, int]]:
    """Return what remains and for how long, by the name of the window."""
    items = re.findall(r'"(\w+)";r=(\d+);t=(\d+)', response.headers["RateLimit"])
    return {name: (int(remaining), int(seconds)) for name, remaining, seconds in items}


def test_each_request_leaves_one_less(web, cast):
    api = make_limited_api(web, cast.workspace)

    first, second = state(api.read("x")), state(api.read("x"))

    assert list(first) == ["minute", "hour"]
    assert second["hour"][0] == first["hour"][0] - 1
    assert 1 <= second["minute"][1] <= 60
    assert 1 <= second["hour"][1] <= 3600


def test_every_counted_answer_has_them(api):
    phone = make_phone()
    answers = {
        201: api.submit(phone=phone),
        409: api.submit(phone=phone),
        400: api.submit(consent=False),
        404: api.read("x"),
        405: api.ask("DELETE", "/api/public/leads"),
        413: api.post(data="x" * 70_000, headers={"Content-Type": "application/json"}),
        502: api.submit(phone=make_phone(ending="41")),
    }

    assert {status: answer.status_code for status, answer in answers.items()} == {
        status: status for status in answers
    }
    assert {answer.headers["RateLimit-Policy"] for answer in answers.values()} == {POLICY}
    assert all(state(answer) for answer in answers.values())


def test_refused_request_says_when_it_passes(start_web, cast):
    api = make_limited_api(start_web(PUBLIC_API_RATE_LIMITS="1/h"), cast.workspace)
    api.read("x")

    refused = api.read("x")

    assert refused.status_code == 429
    assert state(refused) == {"hour": (0, int(refused.headers["Retry-After"]))}
    assert refused.headers["RateLimit-Policy"] == '"hour";q=1;w=3600'


def test_who_is_not_known_learns_nothing(web, cast):
    answer = Api(web.base_url, "ck_live_" + "0" * 32).read("x")

    assert answer.status_code == 401
    assert not {"RateLimit", "RateLimit-Policy"} & set(answer.headers)


@pytest.mark.parametrize(("period", "name"), [(60, "minute"), (86400, "day"), (10, "10s")])
def test_windows_are_named_by_their_length(period, name):
    headers = rate_limit_headers([Window(period, limit=5, count=7, seconds_left=3)])

    assert headers == {
        "RateLimit-Policy": f'"{name}";q=5;w={period}',
        "RateLimit": f'"{name}";r=0;t=4',
    }
