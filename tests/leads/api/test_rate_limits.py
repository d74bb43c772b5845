"""The two windows of a key: 5 requests in 60 seconds and 100 in 60 minutes."""

import time
from concurrent.futures import ThreadPoolExecutor

from tests.client import Api
from tests.envelope import assert_error
from tests.factories import make_cast
from tests.windows import make_limited_api

MINUTE = "Rate limit exceeded. Wait a minute before retrying."
HOURLY = "Hourly rate limit exceeded."


def read_until_refused_at_once(api):
    """Return an answer of a full window, also where a machine is too busy to fill it in a row."""
    with ThreadPoolExecutor(6) as pool:
        for _ in range(20):
            list(pool.map(lambda _: api.read("x"), range(6)))
            if (response := api.read("x")).status_code == 429:
                return response
    raise AssertionError("Seven requests at once passed 20 times.")


def read_until_refused(api):
    """Return how many requests passed, and the one that did not."""
    for passed in range(20):
        response = api.read("x")
        if response.status_code == 429:
            return passed, response
    raise AssertionError("20 requests passed.")


def test_sixth_request_of_a_minute_is_refused(start_web, cast):
    api = make_limited_api(start_web(), cast.workspace)

    passed, refused = read_until_refused(api)

    assert passed == 5
    assert_error(refused, 429, MINUTE)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_both_endpoints_count_together(start_web, cast):
    api = make_limited_api(start_web(), cast.workspace)
    statuses = [api.submit().status_code, api.read("x").status_code, api.submit().status_code]
    statuses += [api.post().status_code, api.ask("DELETE", "/api/public/leads").status_code]

    refused = [api.submit(), api.read("x")]

    assert statuses == [201, 404, 201, 400, 405]
    for response in refused:
        assert_error(response, 429, MINUTE)
    assert len(cast.placed()) == 2


def test_keys_of_one_workspace_have_windows_of_their_own(start_web, cast):
    web = start_web()
    read_until_refused(make_limited_api(web, cast.workspace))

    passed, _ = read_until_refused(make_limited_api(web, cast.workspace))

    assert passed == 5


def test_limit_is_judged_before_the_body(start_web, cast):
    api = make_limited_api(start_web(), cast.workspace)
    read_until_refused(api)

    assert_error(api.post(data=b"{"), 429, MINUTE)


def test_deleted_workspace_is_told_before_any_limit(start_web, cast):
    api = make_limited_api(start_web(), cast.workspace)
    read_until_refused(api)
    cast.workspace.delete()

    assert_error(api.read("x"), 404, "Workspace not found.")


def test_unknown_paths_do_not_count(start_web, cast):
    api = make_limited_api(start_web(), cast.workspace)
    for _ in range(10):
        api.ask("GET", "/api/public/nothing")

    passed, _ = read_until_refused(api)

    assert passed == 5


def test_of_many_simultaneous_requests_exactly_five_pass(start_web, cast):
    api = make_limited_api(start_web(), cast.workspace)

    with ThreadPoolExecutor(16) as pool:
        statuses = [*pool.map(lambda _: api.submit().status_code, range(16))]

    assert (statuses.count(201), statuses.count(429)) == (5, 11)
    assert len(cast.placed()) == cast.workspace.leads.count() == 5


def test_request_passes_after_the_time_that_retry_after_names(start_web, sandbox):
    web = start_web(PUBLIC_API_RATE_LIMITS="2/s,4/3s")
    api = Api(web.base_url, make_cast(sandbox).key)

    for _ in range(3):
        refused = read_until_refused_at_once(api)
        time.sleep(int(refused.headers["Retry-After"]))

        assert api.read("x").status_code == 404


def test_full_hour_has_words_of_its_own(start_web, cast):
    api = make_limited_api(start_web(PUBLIC_API_RATE_LIMITS="100/m,3/h"), cast.workspace)

    passed, refused = read_until_refused(api)

    assert passed == 3
    assert_error(refused, 429, HOURLY)
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600


def test_full_hour_is_named_where_both_windows_are_full(start_web, cast):
    api = make_limited_api(start_web(PUBLIC_API_RATE_LIMITS="3/m,3/h"), cast.workspace)

    _, refused = read_until_refused(api)

    assert_error(refused, 429, HOURLY)


def test_request_that_the_short_window_refuses_does_not_use_up_the_long_one(start_web, cast):
    web = start_web(PUBLIC_API_RATE_LIMITS="2/8s,4/h")
    api = make_limited_api(web, cast.workspace, seconds=8)

    passed, refused = read_until_refused(api)
    again = api.read("x")
    time.sleep(int(refused.headers["Retry-After"]))
    later = [api.read("x").status_code, api.read("x").status_code]

    assert passed == 2
    for response in (refused, again):
        assert_error(response, 429, MINUTE)
    assert later == [404, 404]
    assert_error(api.read("x"), 429, HOURLY)


def test_limits_hold_across_all_processes_of_a_server(start_web, cast):
    """With Redis there are two processes: each opens connections of its own."""
    api = make_limited_api(start_web(), cast.workspace)

    with ThreadPoolExecutor(8) as pool:
        statuses = [*pool.map(lambda _: api.read("x").status_code, range(40))]

    assert (statuses.count(404), statuses.count(429)) == (5, 35)


def test_reads_have_a_budget_of_their_own_where_it_is_set(start_web, cast):
    web = start_web(PUBLIC_API_RATE_LIMITS="2/m,100/h", PUBLIC_API_READ_LIMITS="4/m")
    api = make_limited_api(web, cast.workspace)

    reads = [ask() for ask in (api.list, lambda: api.read("x")) for _ in range(2)]
    others = [api.erase("x"), api.submit()]
    refused = [api.list(), api.read("x"), api.erase("x"), api.submit()]

    assert [r.status_code for r in reads] == [200, 200, 404, 404]
    assert [r.headers["RateLimit-Policy"] for r in reads] == ['"minute";q=4;w=60'] * 4
    assert [r.status_code for r in others] == [404, 201]
    assert all(r.headers["RateLimit-Policy"].startswith('"minute";q=2;w=60') for r in others)
    for response in refused:
        assert_error(response, 429, MINUTE)


def test_reads_count_with_all_else_unless_it_is_set(start_web, cast):
    api = make_limited_api(start_web(), cast.workspace)
    statuses = [api.list().status_code, api.read("x").status_code, api.erase("x").status_code]
    statuses += [api.submit().status_code, api.ask("HEAD", "/api/public/leads").status_code]

    assert statuses == [200, 404, 404, 201, 200]
    assert [api.list().status_code, api.submit().status_code] == [429, 429]
