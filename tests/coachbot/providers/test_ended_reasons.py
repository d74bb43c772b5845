"""Why a call ended, in plain words."""

import pytest

from coachbot.providers.vapi.ended_reasons import Reach, explain

FAULT = "call.in-progress.error-"
REASONS = [
    ("customer-ended-call", "The lead hung up", False, Reach.PERSON),
    ("customer-ended-call-during-transfer", "The lead hung up", False, Reach.PERSON),
    ("assistant-ended-call-with-hangup-task", "The agent ended the call", False, Reach.PERSON),
    ("assistant-forwarded-call", "Transferred", False, Reach.PERSON),
    ("call.ringing.hook-executed-say", "The agent ended the call", False, Reach.PERSON),
    ("exceeded-max-duration", "The time limit was reached", False, Reach.PERSON),
    ("silence-timed-out", "Silence", True, Reach.UNSURE),
    ("voicemail", "Voicemail", True, Reach.NOBODY),
    ("customer-did-not-answer", "No answer", True, Reach.NOBODY),
    (f"{FAULT}providerfault-outbound-sip-408-request-timeout", "No answer", True, Reach.NOBODY),
    (
        f"{FAULT}providerfault-outbound-sip-403-forbidden",
        "The call was not connected",
        True,
        Reach.NOBODY,
    ),
    (
        f"{FAULT}vapifault-transport-never-connected",
        "The call was not connected",
        True,
        Reach.NOBODY,
    ),
    ("customer-busy", "Busy", True, Reach.NOBODY),
    ("twilio-reported-customer-misdialed", "The number cannot be reached", False, Reach.NOBODY),
    (
        "call.start.error-subscription-insufficient-credits",
        "Never rang: no balance",
        True,
        Reach.NOBODY,
    ),
    (
        "call.start.error-subscription-concurrency-limit-reached",
        "Never rang: all lines busy",
        True,
        Reach.NOBODY,
    ),
    ("call.start.error-get-transport", "Never rang", True, Reach.NOBODY),
    ("call.start.error-vapifault-database-error", "Never rang", True, Reach.NOBODY),
    (
        "assistant-request-returned-no-assistant",
        "Never rang: assistant missing",
        True,
        Reach.NOBODY,
    ),
    (f"{FAULT}vapifault-worker-died", "A fault at Vapi", True, Reach.UNSURE),
    (f"{FAULT}providerfault-openai-llm-failed", "A provider's fault", True, Reach.UNSURE),
    ("pipeline-error-eleven-labs-quota-exceeded", "A provider's fault", True, Reach.UNSURE),
    (f"{FAULT}warm-transfer-max-duration", "The transfer failed", True, Reach.PERSON),
    (f"{FAULT}something-new", "Ended for an unknown reason", True, Reach.UNSURE),
    ("hangup", "Ended for an unknown reason", True, Reach.UNSURE),
    ("", "Ended", True, Reach.UNSURE),
    ("coachbot.never-rang", "Never rang", True, Reach.NOBODY),
]


@pytest.mark.parametrize("reason, title, may_call_again, reach", REASONS)
def test_reason_is_told_in_plain_words(reason, title, may_call_again, reach):
    meaning = explain(reason)

    assert (meaning.title, meaning.may_call_again) == (title, may_call_again)
    assert meaning.reach is reach
    assert meaning.sentence.endswith(".")
