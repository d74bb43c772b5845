"""The state of a call is a function of the set of its messages, not of their order."""

import itertools
import random
from datetime import UTC, datetime

from coachbot.providers.vapi.events import parse_event
from leads.calls import progress
from leads.models import Call
from tests.vapi_messages import end_of_call_report, status_update

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CALL = {"id": "01a0c2f4-11d0-7c31-8a55-2f0d3c9b7e10"}
# Vapi contradicts itself here in every field, which it hardly ever will.
MESSAGES = [
    status_update(CALL, "ringing"),
    status_update(CALL, "in-progress", at=1790000106314),
    status_update(CALL, "in-progress", at=1790000107000),
    status_update(CALL, "ended", at=1790000148600, endedReason="customer-ended-call"),
    status_update(CALL, "ended", at=1790000149000, endedReason="silence-timed-out"),
    end_of_call_report(CALL, startedAt=None, endedAt=None, artifact={}),
    end_of_call_report(CALL, "voicemail", analysis={"summary": "Another."}),
]


def state_after(messages):
    call = Call(status="in_progress")
    for message in messages:
        progress.learn(call, parse_event({"message": message}, received_at=NOW))
    return {name: getattr(call, name) for name in progress.COLUMNS}, progress.was_reached(call)


def test_every_order_of_every_subset_ends_in_the_same_state():
    for size in range(1, 5):
        for chosen in itertools.combinations(MESSAGES, size):
            states = [state_after(order) for order in itertools.permutations(chosen)]
            assert all(state == states[0] for state in states)


def test_repetitions_change_nothing():
    expected = state_after(MESSAGES)

    for seed in range(200):
        crowd = MESSAGES * 3
        random.Random(seed).shuffle(crowd)
        assert state_after(crowd) == expected


def test_known_news_is_no_news():
    call = Call(status="in_progress")
    news = parse_event({"message": MESSAGES[1]}, received_at=NOW)

    assert [progress.learn(call, news) for _ in range(3)] == [True, False, False]


def test_report_counts_more_than_status_messages():
    state, _ = state_after([MESSAGES[3], MESSAGES[1], MESSAGES[6]])

    assert state["started_at"] == datetime(2026, 9, 21, 14, 15, 6, 298_000, tzinfo=UTC)
    assert state["ended_at"] == datetime(2026, 9, 21, 14, 15, 48, 574_000, tzinfo=UTC)
    assert state["ended_reason"] == "voicemail"
