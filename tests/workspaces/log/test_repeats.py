"""Refusals that come in number are counted, not written one by one."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.client import Api
from tests.dashboard import Visitor, text_of
from tests.factories import make_cast, make_user
from tests.windows import make_limited_api, make_limited_key


@pytest.fixture(scope="module")
def limited(start_web):
    """A server with the limits that the product has at first."""
    return start_web()


def refuse(api, number: int) -> list[int]:
    with ThreadPoolExecutor(16) as pool:
        return [r.status_code for r in pool.map(lambda _: api.read("x"), range(number))]


def test_hundreds_of_requests_over_the_limit_are_one_row_that_counts(limited, sandbox):
    cast = make_cast(sandbox)
    api = make_limited_api(limited, cast.workspace)

    statuses = refuse(api, 305)

    rows = list(cast.workspace.log.filter(status_code=429))
    assert statuses.count(429) == 300
    # Two processes may write the first at the same moment.
    assert len(rows) <= 2 and sum(row.times for row in rows) == 300
    assert rows[0].error_code == "api.minute_limit" and rows[0].action.startswith("GET /api")


def test_keys_are_counted_apart_and_told_by_their_visible_part(limited, sandbox):
    cast = make_cast(sandbox)
    keys = [make_limited_key(cast.workspace) for _ in range(2)]

    for key in keys:
        refuse(Api(limited.base_url, key), 15)

    rows = cast.workspace.log.filter(status_code=429)
    assert {row.request["key"] for row in rows} == {key[8:16] for key in keys}
    assert sum(row.times for row in rows) == 20


def test_logs_say_in_words_how_often_it_was(limited, sandbox):
    cast = make_cast(sandbox)
    api = make_limited_api(limited, cast.workspace)
    for _ in range(8):  # one after the other, so that it is one row
        api.read("x")
    visitor = Visitor(limited.base_url, make_user(cast.workspace))
    row = cast.workspace.log.get(status_code=429)

    listed = text_of(visitor.get(f"/admin/{cast.workspace.slug}/logs"))
    alone = text_of(visitor.get(f"/admin/{cast.workspace.slug}/logs/{row.pk}"))

    assert "3 times within a minute" in listed
    assert "this and 2 more within a minute" in alone
    assert "times within" not in listed.replace("3 times within", "")


@pytest.mark.parametrize("path", ["/api/public/leads", "/api/vapi/{slug}/tools/listSlots"])
def test_who_is_not_let_in_writes_no_row(web, sandbox, path):
    cast = make_cast(sandbox)
    stranger = Api(web.base_url, f"{cast.key[:16]}{'0' * 24}")

    statuses = {
        stranger.ask("POST", path.format(slug=cast.workspace.slug)).status_code for _ in "ab"
    }

    assert statuses == {401}
    assert not cast.workspace.log.filter(status_code=401).exists()
