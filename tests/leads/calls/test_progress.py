"""The state of a call is a function of the set of its messages, not of their order."""

import itertools
import random
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from coachbot.providers.vapi.events import parse_event
from leads.calls import progress
from leads.models import Call
from tests.vapi_messages import REPORTED_MS, end_of_call_report, status_update

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
    end_of_call_report(CALL, timestamp=1790000156234, cost=0.05, messages=[]),
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


def test_cost_is_the_one_that_was_reported_last():
    corrected = end_of_call_report(CALL, timestamp=REPORTED_MS + 60_000, cost=0.047)

    states = [state_after(order)[0] for order in itertools.permutations([MESSAGES[5], corrected])]

    assert [state["cost"] for state in states] == [Decimal("0.047")] * 2


def test_turns_are_kept_without_prompts_and_tool_calls_and_with_their_seconds():
    messages = [
        {"role": "system", "message": "You are an assistant.", "secondsFromStart": 0},
        {"role": "bot", "message": "Hi, is this Jane?", "secondsFromStart": 1.54},
        {"role": "tool_calls", "message": "", "toolCalls": [{}]},
        {"role": "user", "message": "Yes.", "secondsFromStart": "soon"},
    ]

    state, _ = state_after([end_of_call_report(CALL, artifact={"messages": messages})])

    assert state["turns"] == [
        {"speaker": "agent", "text": "Hi, is this Jane?", "second": 1.5},
        {"speaker": "lead", "text": "Yes.", "second": None},
    ]


def test_endless_talk_is_kept_up_to_a_bound():
    messages = [{"role": "user", "message": "blah " * 2_000}] * 3_000

    state, _ = state_after([end_of_call_report(CALL, artifact={"messages": messages})])

    assert 190_000 < sum(len(turn["text"]) for turn in state["turns"]) <= 200_000


@pytest.mark.parametrize("cost", [None, True, "free", -1, float("nan"), 1e300, [0.05]])
def test_cost_that_is_no_amount_is_none(cost):
    state, _ = state_after([end_of_call_report(CALL, cost=cost)])

    assert state["cost"] is None
