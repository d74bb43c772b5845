"""Which class an ended call belongs to, over Vapi's whole list."""

from collections import Counter
from pathlib import Path

import pytest

from coachbot.providers.vapi.endings import Ending, classify

LIST = Path(__file__).with_name("ended_reasons.txt")
REASONS = [line for line in LIST.read_text().splitlines() if not line.startswith("#")]
HOW_MANY = {
    Ending.TRANSFER_FAILED: 10,
    Ending.TRANSFERRED: 2,
    Ending.PERSON: 10,
    Ending.VOICEMAIL: 1,
    Ending.NO_ANSWER: 3,
    Ending.BUSY: 1,
    Ending.SILENCE: 4,
    Ending.BAD_NUMBER: 2,
    Ending.LINES_FULL: 1,
    Ending.DAILY_LIMIT: 1,
    Ending.NOT_STARTED: 4,
    Ending.ACCOUNT: 19,
    Ending.INBOUND: 11,
    Ending.CANCELLED: 3,
    Ending.REFUSED: 11,
    Ending.ACCOUNT_IN_CALL: 271,
    Ending.BROKE: 250,
}


def test_every_reason_of_vapi_is_in_a_class():
    assert Counter(map(classify, REASONS)) == HOW_MANY


@pytest.mark.parametrize(
    "reason, ending",
    [
        ("customer-ended-call-during-transfer", Ending.TRANSFER_FAILED),
        ("customer-did-not-answer", Ending.NO_ANSWER),
        ("call.start.error-subscription-insufficient-credits", Ending.ACCOUNT),
        ("call.start.error-subscription-concurrency-limit-reached", Ending.LINES_FULL),
        ("pipeline-error-openai-429-exceeded-quota", Ending.ACCOUNT_IN_CALL),
        ("call.in-progress.error-providerfault-openai-429-rate-limit-reached", Ending.BROKE),
        ("a-reason-of-next-year", Ending.UNKNOWN),
        ("", Ending.UNKNOWN),
    ],
)
def test_reason_is_in_its_class(reason, ending):
    assert classify(reason) is ending
