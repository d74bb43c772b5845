"""Who gives way goes on as soon as nobody quick is at work; tested in this process, by threads."""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import pytest
from django.test import RequestFactory

from coachbot.http import right_of_way
from coachbot.http.middleware import quick_first

WITHIN = 5  # seconds in which a thread that need not wait is done, on any machine


@pytest.fixture
def patient(monkeypatch):
    """Without the bound: who gives way waits as long as somebody has the right."""
    monkeypatch.setattr(right_of_way, "LONGEST", 60)


@pytest.fixture
def pool():
    with ThreadPoolExecutor() as pool:
        yield pool


def test_nobody_waits_for_nobody(patient, pool):
    pool.submit(right_of_way.give_way).result(WITHIN)


def test_who_gives_way_waits_for_the_last_who_has_the_right(patient, pool):
    with right_of_way.taken():
        other = Holder(pool)
        waiting = pool.submit(right_of_way.give_way)
        other.done.set()
        other.future.result(WITHIN)
        assert not wait([waiting], timeout=0.1).done

    waiting.result(WITHIN)


def test_who_waits_for_the_network_is_not_waited_for(patient, pool):
    with right_of_way.taken():
        with right_of_way.suspended():
            pool.submit(right_of_way.give_way).result(WITHIN)
        waiting = pool.submit(right_of_way.give_way)
        assert not wait([waiting], timeout=0.1).done

    waiting.result(WITHIN)


def test_suspending_gives_nobody_a_right(patient, pool):
    with right_of_way.suspended():
        pass

    pool.submit(right_of_way.give_way).result(WITHIN)


def test_a_right_that_is_never_given_up_holds_nobody_for_long(pool):
    with right_of_way.taken():
        pool.submit(right_of_way.give_way).result(WITHIN)


@pytest.mark.parametrize(
    ("method", "path", "has_it"),
    [
        ("GET", "/api/public/leads/1", True),
        ("POST", "/api/vapi/acme/events", True),
        ("POST", "/admin/acme/leads/1/call", True),
        ("POST", "/api/public/leads", False),
    ],
)
def test_all_requests_but_submissions_have_it(patient, pool, method, path, has_it):
    waiting = []

    def view(request):
        waiting.append(pool.submit(right_of_way.give_way))
        return wait(waiting, timeout=0.1 if has_it else WITHIN).not_done

    assert bool(quick_first(view)(RequestFactory().generic(method, path))) is has_it
    waiting[0].result(WITHIN)


class Holder:
    """Another thread that has the right of way until `done` is set."""

    def __init__(self, pool: ThreadPoolExecutor):
        self.done, has_it = Event(), Event()

        def hold():
            with right_of_way.taken():
                has_it.set()
                assert self.done.wait(WITHIN)

        self.future = pool.submit(hold)
        assert has_it.wait(WITHIN)
