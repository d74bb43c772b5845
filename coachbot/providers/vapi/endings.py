"""What an ended call means for the next one: Vapi's `endedReason` in classes.

Vapi knows 604 values (its Python SDK 3.0.0) and adds more. The classes and their patterns
are those of docs/providers/vapi.md, section 8; the first that fits counts. The words that
people read for a reason stand in `ended_reasons`.
"""

import re
from enum import Enum
from fnmatch import fnmatchcase
from functools import lru_cache


class Ending(Enum):
    """What a call came to."""

    TRANSFER_FAILED = "transfer_failed"
    TRANSFERRED = "transferred"
    PERSON = "person"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    SILENCE = "silence"
    BAD_NUMBER = "bad_number"
    LINES_FULL = "lines_full"
    DAILY_LIMIT = "daily_limit"
    NOT_STARTED = "not_started"
    ACCOUNT = "account"
    INBOUND = "inbound"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    ACCOUNT_IN_CALL = "account_in_call"
    BROKE = "broke"
    UNKNOWN = "unknown"


# Keys, credit, access, voices and models of the owner's account, found out while the call ran.
_ACCOUNT_IN_CALL = re.compile(
    r"^(pipeline-error-|call\.in-progress\.error-).*("
    r"-(400|401|403|404)-|-429-exceeded-quota|api-key|unauthorized|quota-exceeded|out-of-credits"
    r"|requested-(payment|upgrade)|free-users|creator-plus|by-owner|probation|auth-failed"
    r"|invalid-(config|voice|emotion)|voice-not-|voice-manifest|missing-samples|blocked-"
    r"|character-limit|500-(invalid-schema|word-boost)|no-available-llm-model)"
)

PATTERNS = {
    Ending.TRANSFER_FAILED: (
        "call.forwarding.*",
        "call.in-progress.error-transfer-failed",
        "call.in-progress.error-warm-transfer-*",
        "customer-ended-call-before-warm-transfer",
        "customer-ended-call-after-warm-transfer-attempt",
        "customer-ended-call-during-transfer",
    ),
    Ending.TRANSFERRED: ("assistant-forwarded-call", "call.ending.hook-executed-transfer"),
    Ending.PERSON: (
        "customer-ended-call",
        "assistant-ended-call*",
        "assistant-said-end-call-phrase",
        "exceeded-max-duration",
        "call.in-progress.twilio-completed-call",
        "call.in-progress.sip-completed-call",
        "vonage-completed",
        "call.ending.hook-executed-say",
    ),
    Ending.VOICEMAIL: ("voicemail",),
    Ending.NO_ANSWER: (
        "customer-did-not-answer",
        "*outbound-sip-408-*",
        "*outbound-sip-480-*",
    ),
    Ending.BUSY: ("customer-busy",),
    Ending.SILENCE: (
        "silence-timed-out",
        "call.in-progress.error-assistant-did-not-receive-customer-audio",
        "assistant-join-timed-out",
        "customer-did-not-give-microphone-permission",
    ),
    Ending.BAD_NUMBER: ("twilio-reported-customer-misdialed", "sip-outbound-unallocated-number"),
    Ending.LINES_FULL: (
        "call.start.error-subscription-concurrency-limit-reached",
        "coachbot.no-line",
    ),
    Ending.DAILY_LIMIT: ("call.start.error-vapi-number-outbound-daily-limit",),
    Ending.NOT_STARTED: ("call.start.error-vapifault-*", "coachbot.never-rang"),
    Ending.ACCOUNT: (
        "call.start.*",
        "call-start-error-neither-assistant-nor-server-set",
        "assistant-not-found",
        "assistant-not-valid",
        "*error-configfault-*",
    ),
    Ending.INBOUND: ("assistant-request-*", "call.*.error-sip-inbound-*", "call.ringing.*"),
    Ending.CANCELLED: ("manually-canceled", "call-deleted", "scheduled-call-deleted"),
    Ending.REFUSED: (
        "*outbound-sip-*",
        "*transport-never-connected*",
        "sip-outbound-carrier-released-call",
        "vonage-rejected",
        "*-failed-to-connect-call",
        "call.in-progress.error-sip-outbound-call-failed-to-connect",
        "phone-call-provider-bypass-enabled-but-no-call-received",
    ),
    Ending.ACCOUNT_IN_CALL: (),
    Ending.BROKE: (
        "pipeline-error-*",
        "call.in-progress.error-*",
        "worker-shutdown",
        "phone-call-provider-closed-websocket",
        "vonage-disconnected",
    ),
}


@lru_cache(maxsize=1024)
def classify(reason: str) -> Ending:
    """Return the class of an `endedReason`; UNKNOWN for one that no pattern fits, and for ""."""
    for ending, patterns in PATTERNS.items():
        if any(fnmatchcase(reason, pattern) for pattern in patterns):
            return ending
        if ending is Ending.ACCOUNT_IN_CALL and _ACCOUNT_IN_CALL.match(reason):
            return ending
    return Ending.UNKNOWN
