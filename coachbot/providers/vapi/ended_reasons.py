"""Why a call ended, in plain words: Vapi's `endedReason` to something an owner understands.

Vapi knows about 600 values and adds more, so exact values are looked at first, then
patterns in their order, and what is left is unknown. Reasons that begin with `coachbot.`
are ours, for calls whose end Vapi never told. See docs/providers/vapi.md, section 8.
"""

from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase


class Reach(Enum):
    """Whether a call that ended so reached the person."""

    PERSON = "person"
    NOBODY = "nobody"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Explanation:
    """What is shown for a reason.

    title: two to five words. sentence: what happened, and what to do where there is
    something to do. may_call_again: whether another attempt makes sense.
    """

    title: str
    sentence: str
    may_call_again: bool
    reach: Reach


OURS = "coachbot."
UNCONFIRMED = "coachbot.unconfirmed"
NEVER_RANG = "coachbot.never-rang"
NO_WORD = "coachbot.no-word"
NO_LINE = "coachbot.no-line"
# How Vapi's reasons begin for a call that it never began.
NEVER_BEGUN = "call.start."


def _talk(title: str, sentence: str, *, again: bool = False) -> Explanation:
    return Explanation(title, sentence, again, Reach.PERSON)


def _missed(title: str, sentence: str, *, again: bool = True) -> Explanation:
    return Explanation(title, sentence, again, Reach.NOBODY)


def _broken(title: str, sentence: str, *, again: bool = True) -> Explanation:
    return Explanation(title, sentence, again, Reach.UNSURE)


def explain(reason: str) -> Explanation:
    """Return what a reason means. An unknown one gets an explanation that says so."""
    if reason in EXACT:
        return EXACT[reason]
    found = (meaning for pattern, meaning in PATTERNS if fnmatchcase(reason, pattern))
    return next(found, UNKNOWN if reason else NOT_TOLD)


UNKNOWN = _broken(
    "Ended for an unknown reason",
    "Vapi gave a reason that Coachbot does not know. The raw reason may say more.",
)
NOT_TOLD = _broken("Ended", "Vapi did not say why the call ended.")

LEAD_HUNG_UP = _talk("The lead hung up", "The lead ended the conversation.")
AGENT_HUNG_UP = _talk("The agent ended the call", "The agent ended the conversation.")
LINE_CLOSED = _talk("The call ended", "The conversation ended and the phone line was closed.")
TRANSFERRED = _talk("Transferred", "The agent passed the lead on to a person.")
TRANSFER_FAILED = _talk(
    "The transfer failed",
    "The agent tried to pass the lead on to a person, and nobody took the call.",
    again=True,
)
CANCELED = _broken("Canceled", "The call was canceled in Vapi before its end.")
NO_ANSWER = _missed("No answer", "The phone rang and nobody picked up.")
BAD_NUMBER = _missed(
    "The number cannot be reached",
    "The phone network refused the number. Check that it is right before calling again.",
    again=False,
)
NOT_CONNECTED = _missed(
    "The call was not connected", "The phone network could not connect the call."
)
NO_SOUND = _missed(
    "Nobody could be heard", "The call was connected, but no sound came from the lead."
)
VAPI_FAULT = _broken("A fault at Vapi", "Vapi had a fault and the call broke off.")
PROVIDER_FAULT = _broken(
    "A provider's fault",
    "A service behind the call (speech, language model or telephony) failed, and it broke off.",
)
OUR_CONFIGURATION = _broken(
    "The assistant is misconfigured",
    "A setting of the assistant in Vapi made the call break off. Correct it there first.",
)
NEVER_STARTED = _missed("Never rang", "Vapi accepted the call, but could not start it.")
NO_BALANCE = _missed(
    "Never rang: no balance",
    "The Vapi account has no balance left. Top it up in Vapi, then call again.",
)
ALL_LINES_BUSY = _missed(
    "Never rang: all lines busy",
    "Vapi accepted the call, but all lines of the account were in use.",
)
DAILY_LIMIT = _missed(
    "Never rang: daily limit",
    "Numbers bought at Vapi may place few calls a day. Call again tomorrow, or use another number.",
)
BAD_ASSISTANT = _missed(
    "Never rang: assistant missing",
    "Vapi could not load the assistant. Check the Vapi settings, then call again.",
)
BAD_CALLER = _missed(
    "Never rang: phone number missing",
    "Vapi could not load the phone number that calls. Check the Vapi settings, then call again.",
)

# What goes on until the account at Vapi is mended; the second, where it is entered here.
IN_SETTINGS = (BAD_ASSISTANT, BAD_CALLER)
ACCOUNT_FAULTS = (NO_BALANCE, DAILY_LIMIT, ALL_LINES_BUSY, OUR_CONFIGURATION, *IN_SETTINGS)

EXACT = {
    UNCONFIRMED: _broken(
        "Not confirmed",
        "Vapi never said whether it placed the call. Look in Vapi before calling again.",
    ),
    NEVER_RANG: _missed(
        "Never rang",
        "Vapi accepted the call and never started it: its lines may all have been in use.",
    ),
    NO_WORD: _broken(
        "No word from Vapi",
        "Vapi never told how the call ended. Look in Vapi before calling again.",
    ),
    "customer-ended-call": LEAD_HUNG_UP,
    "assistant-said-end-call-phrase": AGENT_HUNG_UP,
    "assistant-forwarded-call": TRANSFERRED,
    "call.ringing.hook-executed-transfer": TRANSFERRED,
    "call.ending.hook-executed-transfer": TRANSFERRED,
    "call.forwarding.operator-busy": TRANSFER_FAILED,
    "call.forwarding.no-answer": TRANSFER_FAILED,
    "call.in-progress.error-transfer-failed": TRANSFER_FAILED,
    "exceeded-max-duration": _talk(
        "The time limit was reached", "The call reached the longest time that Vapi allows for it."
    ),
    "silence-timed-out": _broken("Silence", "The line stayed silent until the agent hung up."),
    "manually-canceled": CANCELED,
    "call-deleted": CANCELED,
    "scheduled-call-deleted": CANCELED,
    "call.in-progress.twilio-completed-call": LINE_CLOSED,
    "call.in-progress.sip-completed-call": LINE_CLOSED,
    "vonage-completed": LINE_CLOSED,
    "voicemail": _missed("Voicemail", "A voicemail or an answering machine picked up."),
    "customer-did-not-answer": NO_ANSWER,
    "customer-busy": _missed("Busy", "The lead's line was busy."),
    "call.in-progress.error-providerfault-outbound-sip-408-request-timeout": NO_ANSWER,
    "call.in-progress.error-providerfault-outbound-sip-480-temporarily-unavailable": NO_ANSWER,
    "twilio-reported-customer-misdialed": BAD_NUMBER,
    "sip-outbound-unallocated-number": BAD_NUMBER,
    "sip-outbound-carrier-released-call": NOT_CONNECTED,
    "vonage-rejected": NOT_CONNECTED,
    "twilio-failed-to-connect-call": NOT_CONNECTED,
    "vonage-failed-to-connect-call": NOT_CONNECTED,
    "call.in-progress.error-sip-outbound-call-failed-to-connect": NOT_CONNECTED,
    "call.start.error-subscription-concurrency-limit-reached": ALL_LINES_BUSY,
    NO_LINE: ALL_LINES_BUSY,
    "call.start.error-subscription-frozen": NO_BALANCE,
    "call.start.error-subscription-insufficient-credits": NO_BALANCE,
    "call.start.error-subscription-wallet-does-not-exist": NO_BALANCE,
    "call.start.error-subscription-upgrade-failed": NO_BALANCE,
    "call.start.error-vapi-number-outbound-daily-limit": DAILY_LIMIT,
    "call.start.error-get-assistant": BAD_ASSISTANT,
    "call.start.error-get-phone-number": BAD_CALLER,
    "call-start-error-neither-assistant-nor-server-set": BAD_ASSISTANT,
    "assistant-not-found": BAD_ASSISTANT,
    "assistant-not-valid": BAD_ASSISTANT,
    "assistant-join-timed-out": NO_SOUND,
    "call.in-progress.error-assistant-did-not-receive-customer-audio": NO_SOUND,
    "customer-did-not-give-microphone-permission": NO_SOUND,
    "worker-shutdown": VAPI_FAULT,
    "phone-call-provider-closed-websocket": PROVIDER_FAULT,
    "vonage-disconnected": PROVIDER_FAULT,
}

# The first that fits counts, so the narrower ones stand above.
PATTERNS = (
    ("customer-ended-call*", LEAD_HUNG_UP),
    ("assistant-ended-call*", AGENT_HUNG_UP),
    ("call.*.hook-executed-say", AGENT_HUNG_UP),
    ("call.in-progress.error-warm-transfer-*", TRANSFER_FAILED),
    ("call.in-progress.error-*transport-never-connected*", NOT_CONNECTED),
    ("*outbound-sip-403-forbidden", NOT_CONNECTED),
    ("*outbound-sip-407-*", NOT_CONNECTED),
    ("*outbound-sip-503-service-unavailable", NOT_CONNECTED),
    ("call.start.*", NEVER_STARTED),
    ("assistant-request-*", BAD_ASSISTANT),
    ("call.in-progress.error-vapifault-*", VAPI_FAULT),
    ("call.in-progress.error-configfault-*", OUR_CONFIGURATION),
    ("call.in-progress.error-providerfault-*", PROVIDER_FAULT),
    ("call.in-progress.error-pipeline-*", PROVIDER_FAULT),
    ("pipeline-error-*", PROVIDER_FAULT),
    ("call.*.error-sip-inbound-*", NOT_CONNECTED),
    ("call.ringing.sip-inbound-*", NOT_CONNECTED),
)
