"""Crowds at a form: 200 who send one phone at once, and 10,000 hostile posts."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from leads.calls.placing.lease import REQUEST_SECONDS
from tests.factories import make_cast, make_phone
from tests.faults.conftest import QUICK
from tests.hosted_form import LONG_AGO, Stranger, publish, words_of

TWINS = 200
POSTS, CLIENTS = 10_000, 32
RINGS = "Test Studio Thank you Your phone rings now."


def test_two_hundred_at_once_make_one_lead_one_call_and_are_thanked_alike(start_web, sandbox):
    cast = make_cast(sandbox)
    publish(cast.workspace)
    # As many threads as ever: those for whom there is no place wait for one.
    web = start_web(**QUICK, FORM_RATE_LIMITS="1000/h", FORM_WORKSPACE_RATE_LIMIT="1000/h")
    stranger = Stranger(web.base_url, cast.workspace)
    same = {"phone": make_phone(), "began": stranger.began(LONG_AGO)}

    with ThreadPoolExecutor(TWINS) as pool:
        pages = list(pool.map(lambda _: stranger.send(**same), range(TWINS)))

    assert Counter((page.status_code, words_of(page)) for page in pages) == {(200, RINGS): TWINS}
    assert cast.workspace.leads.count() == len(cast.placed()) == 1
    assert max(page.elapsed.total_seconds() for page in pages) < 2 * REQUEST_SECONDS


def test_hostile_posts_call_at_most_the_cap_and_store_what_the_rules_say(start_web, sandbox):
    cast = make_cast(sandbox, daily_call_limit=50)
    publish(cast.workspace)
    web = start_web(**QUICK, TRUSTED_PROXIES="1", FORM_LEAST_SECONDS="0")
    word = Stranger(web.base_url, cast.workspace).began(LONG_AGO)

    def post(number: int) -> int:
        address = f"198.{51 + number % 2}.{number // 250 % 250}.{number % 250}"
        stranger = Stranger(web.base_url, cast.workspace, address=address)
        kinds = (
            {"began": word},
            {"began": word, "website": "x"},
            {"began": "forged"},
            {"began": word, "phone": "12"},
            {"began": word, "goal": "\x00" * 50},
        )
        return stranger.send(**kinds[number % len(kinds)], follow=False).status_code

    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = Counter(pool.map(post, range(POSTS)))

    assert not {status for status in statuses if status >= 500}, statuses
    assert len(cast.placed()) == 50
    # 300 an hour are taken in; the hour may have ended in between.
    assert 300 <= cast.workspace.leads.count() <= 600
    rows = cast.workspace.log.filter(kind="form")
    assert rows.filter(code="form.submit").count() == cast.workspace.leads.count()
    assert rows.exclude(code="form.submit").count() < 500
