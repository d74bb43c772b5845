"""The concurrency limits: who gets a place, who waits for one, who is refused."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from coachbot.providers.limits import Busy, Limit, Size

taken = []  # places that nobody gives back


def on_another_thread(act):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act).result()


def take(limit, tenant):
    """Take a place that stays taken. Return whether there was one."""

    def enter():
        held = ExitStack()
        try:
            held.enter_context(limit.hold(tenant))
        except Busy:
            return False
        taken.append(held.pop_all())
        return True

    return on_another_thread(enter)


def test_places_are_given_until_none_is_left():
    limit = Limit("vapi", Size("Vapi", 2))

    assert [take(limit, tenant) for tenant in "abc"] == [True, True, False]


def test_refusal_says_who_was_not_asked():
    limit = Limit("vapi", Size("Vapi", 1))
    take(limit, "a")

    with pytest.raises(Busy, match="^Vapi was not asked: "), limit.hold("b"):
        pass


def test_place_is_given_back():
    limit = Limit("vapi", Size("Vapi", 1))
    for _ in range(3):
        with limit.hold("a"):
            pass


def test_thread_that_holds_a_place_needs_no_second():
    limit = Limit("vapi", Size("Vapi", 1))

    with limit.hold("a"), limit.hold("a"), limit.hold("b"):
        assert not take(limit, "a")
    assert take(limit, "a")


def test_last_places_are_for_tenants_who_hold_few():
    limit = Limit("vapi", Size("Vapi", 16))
    greedy = [take(limit, "greedy") for _ in range(16)]

    assert greedy == [True] * 14 + [False] * 2
    assert [take(limit, "other"), take(limit, "third"), take(limit, "other")] == [True, True, False]


def test_few_wait_and_the_rest_is_refused_at_once():
    limit = Limit("vapi", Size("Vapi", 1, waiting=1))

    def wait():
        with limit.hold("b", patience=20):
            return "got one"

    with ThreadPoolExecutor(2) as pool:
        with limit.hold("a"):
            waiting = [pool.submit(wait), pool.submit(wait)]
            refused = next(w for w in iter(lambda: [*waiting], None) for w in w if w.done())
            assert isinstance(refused.exception(), Busy)
        [other] = [one for one in waiting if one is not refused]
        assert other.result() == "got one"
