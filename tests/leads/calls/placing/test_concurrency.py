"""The bound on calls in flight: what is over it is turned away, and nobody else is slowed."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from leads.models import Lead
from tests.client import Api
from tests.factories import make_cast, make_lead, make_phone
from tests.servers import wait_until

SLOW = "71"  # the sandbox answers after 3 s, longer than anybody waits for a slot


@pytest.fixture
def narrow(start_web):
    """One process with one slot for calls, and room for one to wait."""
    return start_web(
        WEB_CONCURRENCY="1",
        WEB_THREADS="6",
        CALLS_IN_FLIGHT="1",
        CALLS_WAITING="1",
        PUBLIC_API_RATE_LIMITS="1000/m",
    )


@pytest.fixture
def busy(narrow, cast):
    """A client of a server whose one slot is taken by a slow call."""
    api = Api(narrow.base_url, cast.key)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(api.submit, phone=make_phone(SLOW))
        wait_until(cast.placed, "the slow call to be placed")
        yield api
        assert slow.result().status_code == 201


def test_call_over_the_bound_is_turned_away_and_nothing_is_stored(busy, cast):
    phone = make_phone()

    response = busy.submit(phone=phone)

    assert response.status_code == 503
    assert response.json()["error"] == "Service temporarily unavailable."
    assert int(response.headers["Retry-After"]) >= 1
    assert not Lead.objects.filter(phone=phone).exists()
    assert len(cast.placed()) == 1


def test_who_finds_the_waiting_places_taken_is_turned_away_at_once(busy):
    with ThreadPoolExecutor() as pool:
        waiting = pool.map(lambda _: timed(busy.submit), range(2))
        first, second = sorted(waiting, key=lambda answer: answer[1])

    assert [first[0].status_code, second[0].status_code] == [503, 503]
    assert first[1] < 1 < second[1]


def test_slot_that_gets_free_in_time_is_used(narrow, cast):
    api = Api(narrow.base_url, cast.key)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(api.submit, phone=make_phone("70"))
        wait_until(cast.placed, "the first call to be placed")
        second = api.submit()

    assert [first.result().status_code, second.status_code] == [201, 201]


def test_twin_that_waits_takes_a_slot_too(busy, cast):
    [call] = cast.placed()

    response = busy.submit(phone=call.body["customer"]["number"])

    assert response.status_code == 503


def test_reads_and_paused_workspaces_need_no_slot(busy, narrow, sandbox):
    paused = make_cast(sandbox, is_paused=True)
    api = Api(narrow.base_url, paused.key)

    created, seconds = timed(api.submit)
    read, _ = timed(lambda: api.read(created.json()["leadId"]))

    assert (created.status_code, read.status_code) == (201, 200)
    assert seconds < 1


def test_calls_that_wait_for_vapi_let_others_work(start_web, cast):
    """Six are being placed before the first is answered."""
    web = start_web(WEB_CONCURRENCY="1", PUBLIC_API_RATE_LIMITS="1000/m")
    api = Api(web.base_url, cast.key)
    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(api.submit, phone=make_phone(SLOW)) for _ in range(6)]
        wait_until(lambda: len(cast.placed()) == 6, "six calls to be placed")
        assert not any(answer.done() for answer in answers)

    assert [answer.result().status_code for answer in answers] == [201] * 6


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer and no pool")
def test_reads_of_another_pool_are_quick_while_submissions_hang(start_web, cast):
    """As docs/operations.md sets it up: submissions have web processes of their own."""
    settings = {"WEB_CONCURRENCY": "1", "WEB_THREADS": "32", "PUBLIC_API_RATE_LIMITS": "1000/m"}
    submissions = Api(start_web(**settings).base_url, cast.key)
    reads = Api(start_web(**settings, DATABASE_POOL_SIZE="4").base_url, cast.key)
    lead = make_lead(cast.workspace)
    with ThreadPoolExecutor(16) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE leads_lead IN SHARE ROW EXCLUSIVE MODE")
            answers = [pool.submit(submissions.submit, phone=make_phone()) for _ in range(8)]
            wait_until(lambda: writes_that_hang(cursor) >= 8, "every connection to be taken")
            read, seconds = timed(lambda: reads.read(lead.pk))

            assert read.status_code == 200
            assert seconds < 1
        assert [answer.result().status_code for answer in answers] == [201] * 8


def writes_that_hang(cursor) -> int:
    """Return how many statements wait for the lock of the table of leads."""
    cursor.execute(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'leads_lead'::regclass"
    )
    return cursor.fetchone()[0]


def timed(action):
    """Return what an action returns, and how many seconds it took."""
    started = time.monotonic()
    return action(), time.monotonic() - started
