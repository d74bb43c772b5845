"""What an ended call came to: its class over Vapi's whole list, and why, in plain words."""

from collections import Counter
from pathlib import Path

import pytest

from coachbot.providers.vapi.ended_reasons import classify, explain
from coachbot.providers.vapi.endings import Ending, Reach

LIST = Path(__file__).with_name("ended_reasons.txt")
ALL = [line for line in LIST.read_text().splitlines() if not line.startswith("#")]
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
FAULT = "call.in-progress.error-"
FAILED = "The transfer to a person failed"
REASONS = [
    ("customer-ended-call", "The lead hung up", Ending.PERSON, Reach.PERSON),
    ("customer-ended-call-during-transfer", FAILED, Ending.TRANSFER_FAILED, Reach.PERSON),
    ("customer-ended-call-before-warm-transfer", FAILED, Ending.TRANSFER_FAILED, Reach.PERSON),
    (
        "customer-ended-call-after-warm-transfer-attempt",
        FAILED,
        Ending.TRANSFER_FAILED,
        Reach.PERSON,
    ),
    (f"{FAULT}warm-transfer-max-duration", FAILED, Ending.TRANSFER_FAILED, Reach.PERSON),
    (
        "assistant-ended-call-with-hangup-task",
        "The agent ended the call",
        Ending.PERSON,
        Reach.PERSON,
    ),
    ("assistant-forwarded-call", "Transferred", Ending.TRANSFERRED, Reach.PERSON),
    ("call.ringing.hook-executed-say", "The agent ended the call", Ending.INBOUND, Reach.PERSON),
    ("exceeded-max-duration", "The time limit was reached", Ending.PERSON, Reach.PERSON),
    ("silence-timed-out", "Silence", Ending.SILENCE, Reach.UNSURE),
    ("voicemail", "Voicemail", Ending.VOICEMAIL, Reach.NOBODY),
    ("customer-did-not-answer", "No answer", Ending.NO_ANSWER, Reach.NOBODY),
    (
        f"{FAULT}providerfault-outbound-sip-408-request-timeout",
        "No answer",
        Ending.NO_ANSWER,
        Reach.NOBODY,
    ),
    (
        f"{FAULT}providerfault-outbound-sip-403-forbidden",
        "The call was not connected",
        Ending.REFUSED,
        Reach.NOBODY,
    ),
    (
        f"{FAULT}vapifault-transport-never-connected",
        "The call was not connected",
        Ending.REFUSED,
        Reach.NOBODY,
    ),
    ("customer-busy", "Busy", Ending.BUSY, Reach.NOBODY),
    (
        "twilio-reported-customer-misdialed",
        "The number cannot be reached",
        Ending.BAD_NUMBER,
        Reach.NOBODY,
    ),
    (
        "call.start.error-subscription-insufficient-credits",
        "Never rang: no balance",
        Ending.ACCOUNT,
        Reach.NOBODY,
    ),
    (
        "call.start.error-subscription-concurrency-limit-reached",
        "Never rang: all lines busy",
        Ending.LINES_FULL,
        Reach.NOBODY,
    ),
    ("call.start.error-get-transport", "Never rang", Ending.ACCOUNT, Reach.NOBODY),
    ("call.start.error-vapifault-database-error", "Never rang", Ending.NOT_STARTED, Reach.NOBODY),
    (
        "assistant-request-returned-no-assistant",
        "The lead rang and was not answered",
        Ending.INBOUND,
        Reach.NOBODY,
    ),
    (f"{FAULT}vapifault-worker-died", "A fault at Vapi", Ending.BROKE, Reach.UNSURE),
    (f"{FAULT}providerfault-openai-llm-failed", "A provider's fault", Ending.BROKE, Reach.UNSURE),
    (
        f"{FAULT}providerfault-openai-429-rate-limit-reached",
        "A provider's fault",
        Ending.BROKE,
        Reach.UNSURE,
    ),
    (
        "pipeline-error-eleven-labs-quota-exceeded",
        "A provider's fault",
        Ending.ACCOUNT_IN_CALL,
        Reach.UNSURE,
    ),
    (f"{FAULT}something-new", "Ended for an unknown reason", Ending.BROKE, Reach.UNSURE),
    ("a-reason-of-next-year", "Ended for an unknown reason", Ending.UNKNOWN, Reach.UNSURE),
    ("", "Ended", Ending.UNKNOWN, Reach.UNSURE),
    ("coachbot.never-rang", "Never rang", Ending.NOT_STARTED, Reach.NOBODY),
]


def test_every_reason_of_vapi_is_in_a_class():
    assert Counter(map(classify, ALL)) == HOW_MANY


@pytest.mark.parametrize("reason, title, ending, reach", REASONS)
def test_reason_has_a_class_and_plain_words(reason, title, ending, reach):
    meaning = explain(reason)

    assert (meaning.title, meaning.ending, meaning.reach) == (title, ending, reach)
    assert meaning.sentence.endswith(".")


def test_no_transfer_that_failed_reads_as_if_the_lead_had_hung_up():
    failed = [reason for reason in ALL if classify(reason) is Ending.TRANSFER_FAILED]

    assert {explain(reason).title for reason in failed} == {FAILED}
