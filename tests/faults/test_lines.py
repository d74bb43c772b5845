"""Full lines, over real time: never one call too many, everybody once, and hardly a line idle."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.sandbox.listeners import Listener
from coachbot.sandbox.server import Sandbox
from coachbot.sandbox.vapi.orgs import Org, WhenFull
from leads.contact.planned import steps
from tests.factories import make_cast, make_lead, make_phone
from tests.servers import wait_until
from tests.vapi_messages import Reporter
from tests.workers import Worker

TALK = 5.0  # seconds that a call to a number with these endings lasts
SHORT, SHORT_AFTER_A_SECOND, UNTOLD = "20", "21", "22"
LINES, LEADS = 3, 50


@pytest.fixture
def played():
    """A sandbox that plays calls in real time."""
    with Sandbox(port=0, pace=1.0) as running:
        yield running


@pytest.fixture
def stage(played, start_web):
    """Return a function that makes a workspace whose calls are told of, with two workers."""
    address = {"VAPI_BASE_URL": played.base_url}
    web = start_web(**address)
    workers = [Worker("--threads", "16", **address) for _ in range(2)]

    def make(org: Org, **fields):
        cast = make_cast(played, later_call_hours="always", daily_call_limit=100_000, **fields)
        reporter = Reporter(web.base_url, cast.workspace)
        played.listen(cast.vapi_key, Listener(f"{reporter.base}/events", reporter.secret))
        store = played.providers["vapi"].store
        store.set_org(cast.vapi_key, org)
        for worker in workers:
            worker.start()
        return cast, store

    yield make
    for worker in workers:
        if worker.starts:
            worker.kill()


def plan(cast, number, ending) -> float:
    """Plan a call to so many leads for now. Return when that was."""
    leads = [make_lead(cast.workspace, phone=make_phone(ending)) for _ in range(number)]
    due = timezone.now() + timedelta(seconds=1)
    for lead in leads:
        steps.plan(lead, "attempt", due)
    return time.monotonic()


def talks(cast) -> list:
    """Return the calls that had a line."""
    return [call for call in cast.placed() if call.has_line and not call.is_deleted]


def over(cast) -> int:
    return sum(call.body["status"] == "ended" for call in talks(cast))


WAYS = {
    "by our own count": (Org(told=50), {"lines": LINES}),
    "learnt": (Org(lines=LINES), {}),
    "refused": (Org(lines=LINES, told=50), {}),
    "blocked": (Org(lines=LINES, told=50, when_full=WhenFull.BLOCK), {}),
    "begun by Vapi": (Org(lines=LINES, told=50, when_full=WhenFull.WAIT), {}),
    "ended": (Org(lines=LINES, told=50, when_full=WhenFull.END), {}),
}


@pytest.mark.parametrize("way", WAYS)
def test_three_lines_and_fifty_leads(stage, way):
    org, fields = WAYS[way]
    cast, store = stage(org, **fields)

    began = plan(cast, LEADS, SHORT)
    wait_until(lambda: over(cast) >= LEADS, "everybody to be called", 240)
    took = time.monotonic() - began

    most = store.going_on(cast.vapi_key)[1]
    ideal = -(-LEADS // LINES) * TALK
    asked = cast.workspace.log.filter(code="vapi.create_call").count()
    print(f"{way}: {took:.1f} s, ideal {ideal:.1f}, {most} at once, Vapi asked {asked} times")
    called = Counter(call.body["customer"]["number"] for call in talks(cast))
    assert (len(called), set(called.values())) == (LEADS, {1})
    assert most <= LINES
    assert took <= ideal * 1.15
    assert not cast.workspace.steps.planned().exists()


def test_a_lost_end_frees_its_line_within_three_minutes(stage):
    cast, _ = stage(Org(told=50), lines=1)
    plan(cast, 2, UNTOLD)
    wait_until(lambda: over(cast) == 1, "the first to end", 60)
    ended = time.monotonic()

    wait_until(lambda: len(talks(cast)) == 2, "the second to be called", 200)

    print(f"The line was free after {time.monotonic() - ended:.0f} s")
    assert time.monotonic() - ended < 180


def test_a_thousand_due_in_one_minute(stage):
    cast, store = stage(Org(told=200), lines=200)

    began = plan(cast, 1000, SHORT_AFTER_A_SECOND)
    wait_until(lambda: len(cast.placed()) >= 1000, "all to be dialled", 150)
    took = time.monotonic() - began

    most = store.going_on(cast.vapi_key)[1]
    print(f"1,000 dialled in {took:.1f} s, {most} at once at most")
    wait_until(lambda: not cast.workspace.steps.planned().exists(), "no step to be left", 60)
    called = Counter(call.body["customer"]["number"] for call in cast.placed())
    assert set(called.values()) == {1}
    assert most <= 200
    assert took <= 60
