"""What an ended call came to, by Vapi's `endedReason`: its class, which code goes by, and the words
that people read. One table says both.

Vapi knows 604 values (its Python SDK 3.0.0) and adds more; the classes are those of
docs/providers/vapi.md, section 8. Of the rows of TABLE the first that fits counts, and what fits
none is unknown. Reasons that begin with `coachbot.` are ours, for calls whose end Vapi never told.
"""

import re
from fnmatch import fnmatchcase
from functools import lru_cache

from coachbot.providers.vapi.endings import Ending, Explanation, broken, missed, talk

UNCONFIRMED = "coachbot.unconfirmed"
NEVER_RANG = "coachbot.never-rang"
NO_WORD = "coachbot.no-word"
NO_LINE = "coachbot.no-line"
# How Vapi's reasons begin for a call that it never began, and for a caller whom we did not answer.
NEVER_BEGUN = "call.start."
NOT_ANSWERED = "assistant-request-"


@lru_cache(maxsize=1024)
def explain(reason: str) -> Explanation:
    """Return what a reason means. An unknown one gets an explanation that says so."""
    found = (meaning for meaning, patterns in TABLE if any(_fits(reason, p) for p in patterns))
    return next(found, UNKNOWN if reason else NOT_TOLD)


def classify(reason: str) -> Ending:
    """Return the class of a reason; UNKNOWN for one that no pattern fits, and for ""."""
    return explain(reason).ending


def _fits(reason: str, pattern: str | re.Pattern[str]) -> bool:
    if isinstance(pattern, str):
        return fnmatchcase(reason, pattern)
    return pattern.match(reason) is not None


UNKNOWN = broken(
    Ending.UNKNOWN,
    "Ended for an unknown reason",
    "Vapi gave a reason that Coachbot does not know. The raw reason may say more.",
)
NOT_TOLD = broken(Ending.UNKNOWN, "Ended", "Vapi did not say why the call ended.")

TRANSFER_FAILED = talk(
    Ending.TRANSFER_FAILED,
    "The transfer to a person failed",
    "The agent tried to put the lead through to a person, and nobody talked to the lead. "
    "Call the lead back.",
)
TRANSFER_BEGAN = (
    "The agent put the lead through to a person. Vapi does not tell whether anybody answered: "
    "ask there."
)
AGENT_HUNG_UP = "The agent ended the conversation."
NO_SOUND = "The call was connected, but no sound came from the lead."
VAPI_FAULT = ("A fault at Vapi", "Vapi had a fault and the call broke off.")
PROVIDER_FAULT = (
    "A provider's fault",
    "A service behind the call (speech, language model or telephony) failed, and it broke off.",
)
NOT_CONNECTED = "The call was not connected"
NO_BALANCE = missed(
    Ending.ACCOUNT,
    "Never rang: no balance",
    "The Vapi account has no balance left. Top it up in Vapi, then call again.",
)
ALL_LINES_BUSY = missed(
    Ending.LINES_FULL,
    "Never rang: all lines busy",
    "Vapi accepted the call, but all lines of the account were in use.",
)
DAILY_LIMIT = missed(
    Ending.DAILY_LIMIT,
    "Never rang: daily limit",
    "Numbers bought at Vapi may place few calls a day. Call again tomorrow, or use another number.",
)
BAD_ASSISTANT = missed(
    Ending.ACCOUNT,
    "Never rang: assistant missing",
    "Vapi could not load the assistant. Check the Vapi settings, then call again.",
)
BAD_CALLER = missed(
    Ending.ACCOUNT,
    "Never rang: phone number missing",
    "Vapi could not load the phone number that calls. Check the Vapi settings, then call again.",
)
OUR_CONFIGURATION = broken(
    Ending.ACCOUNT,
    "The assistant is misconfigured",
    "A setting of the assistant in Vapi made the call break off. Correct it there first.",
)

# What goes on until the account at Vapi is mended; the second, where it is entered here.
IN_SETTINGS = (BAD_ASSISTANT, BAD_CALLER)
ACCOUNT_FAULTS = (NO_BALANCE, DAILY_LIMIT, ALL_LINES_BUSY, OUR_CONFIGURATION, *IN_SETTINGS)

IN_CALL = "call.in-progress.error-"
# Keys, credit, access, voices and models of an account, found out while the call ran.
_ACCOUNT_WORDS = (
    r".*(-(400|401|403|404)-|-429-exceeded-quota|api-key|unauthorized|quota-exceeded"
    r"|out-of-credits|requested-(payment|upgrade)|free-users|creator-plus|by-owner|probation"
    r"|auth-failed|invalid-(config|voice|emotion)|voice-not-|voice-manifest|missing-samples"
    r"|blocked-|character-limit|500-(invalid-schema|word-boost)|no-available-llm-model)"
)
OF_VAPIS_ACCOUNT = re.compile(r"call\.in-progress\.error-vapifault-" + _ACCOUNT_WORDS)
OF_AN_ACCOUNT = re.compile(r"(pipeline-error-|call\.in-progress\.error-)" + _ACCOUNT_WORDS)

TABLE: tuple[tuple[Explanation, tuple[str | re.Pattern[str], ...]], ...] = (
    (
        broken(
            Ending.UNKNOWN,
            "Not confirmed",
            "Vapi never said whether it placed the call. Look in Vapi before calling again.",
        ),
        (UNCONFIRMED,),
    ),
    (
        broken(
            Ending.UNKNOWN,
            "No word from Vapi",
            "Vapi never told how the call ended. Look in Vapi before calling again.",
        ),
        (NO_WORD,),
    ),
    (
        missed(
            Ending.NOT_STARTED,
            "Never rang",
            "Vapi accepted the call and never started it: its lines may all have been in use.",
        ),
        (NEVER_RANG,),
    ),
    (
        TRANSFER_FAILED,
        (
            "call.forwarding.*",
            f"{IN_CALL}transfer-failed",
            f"{IN_CALL}warm-transfer-*",
            "customer-ended-call-before-warm-transfer",
            "customer-ended-call-after-warm-transfer-attempt",
            "customer-ended-call-during-transfer",
        ),
    ),
    (
        talk(Ending.TRANSFERRED, "Transferred", TRANSFER_BEGAN),
        ("assistant-forwarded-call", "call.ending.hook-executed-transfer"),
    ),
    (
        talk(Ending.PERSON, "The lead hung up", "The lead ended the conversation."),
        ("customer-ended-call*",),
    ),
    (
        talk(Ending.PERSON, "The agent ended the call", AGENT_HUNG_UP),
        (
            "assistant-ended-call*",
            "assistant-said-end-call-phrase",
            "call.ending.hook-executed-say",
        ),
    ),
    (
        talk(
            Ending.PERSON,
            "The time limit was reached",
            "The call reached the longest time that Vapi allows for it.",
        ),
        ("exceeded-max-duration",),
    ),
    (
        talk(
            Ending.PERSON,
            "The call ended",
            "The conversation ended and the phone line was closed.",
        ),
        (
            "call.in-progress.twilio-completed-call",
            "call.in-progress.sip-completed-call",
            "vonage-completed",
        ),
    ),
    (
        missed(Ending.VOICEMAIL, "Voicemail", "A voicemail or an answering machine picked up."),
        ("voicemail",),
    ),
    (
        missed(Ending.NO_ANSWER, "No answer", "The phone rang and nobody picked up."),
        ("customer-did-not-answer", "*outbound-sip-408-*", "*outbound-sip-480-*"),
    ),
    (missed(Ending.BUSY, "Busy", "The lead's line was busy."), ("customer-busy",)),
    (
        broken(Ending.SILENCE, "Silence", "The line stayed silent until the agent hung up."),
        ("silence-timed-out",),
    ),
    (
        missed(Ending.SILENCE, "Nobody could be heard", NO_SOUND),
        (
            f"{IN_CALL}assistant-did-not-receive-customer-audio",
            "assistant-join-timed-out",
            "customer-did-not-give-microphone-permission",
        ),
    ),
    (
        missed(
            Ending.BAD_NUMBER,
            "The number cannot be reached",
            "The phone network refused the number. Check that it is right before calling again.",
        ),
        ("twilio-reported-customer-misdialed", "sip-outbound-unallocated-number"),
    ),
    (ALL_LINES_BUSY, ("call.start.error-subscription-concurrency-limit-reached", NO_LINE)),
    (DAILY_LIMIT, ("call.start.error-vapi-number-outbound-daily-limit",)),
    (
        missed(Ending.NOT_STARTED, "Never rang", "Vapi accepted the call, but could not start it."),
        ("call.start.error-vapifault-*",),
    ),
    (
        NO_BALANCE,
        (
            "call.start.error-subscription-frozen",
            "call.start.error-subscription-insufficient-credits",
            "call.start.error-subscription-wallet-does-not-exist",
            "call.start.error-subscription-upgrade-failed",
        ),
    ),
    (
        BAD_ASSISTANT,
        (
            "call.start.error-get-assistant",
            "call-start-error-neither-assistant-nor-server-set",
            "assistant-not-found",
            "assistant-not-valid",
        ),
    ),
    (BAD_CALLER, ("call.start.error-get-phone-number",)),
    (
        missed(Ending.ACCOUNT, "Never rang", "Vapi accepted the call, but could not start it."),
        ("call.start.*",),
    ),
    (OUR_CONFIGURATION, ("*error-configfault-*",)),
    (
        missed(
            Ending.INBOUND,
            "The lead rang and was not answered",
            "Coachbot did not tell Vapi who answers. Call the lead back.",
        ),
        (f"{NOT_ANSWERED}*",),
    ),
    (
        talk(Ending.INBOUND, "Transferred", TRANSFER_BEGAN),
        ("call.ringing.hook-executed-transfer",),
    ),
    (
        talk(Ending.INBOUND, "The agent ended the call", AGENT_HUNG_UP),
        ("call.ringing.hook-executed-say",),
    ),
    (
        missed(
            Ending.INBOUND, NOT_CONNECTED, "The phone network could not connect the lead's call."
        ),
        ("call.*.error-sip-inbound-*", "call.ringing.*"),
    ),
    (
        broken(Ending.CANCELLED, "Canceled", "The call was canceled in Vapi before its end."),
        ("manually-canceled", "call-deleted", "scheduled-call-deleted"),
    ),
    (
        missed(Ending.REFUSED, NOT_CONNECTED, "The phone network could not connect the call."),
        (
            "*outbound-sip-*",
            "*transport-never-connected*",
            "sip-outbound-carrier-released-call",
            "vonage-rejected",
            "*-failed-to-connect-call",
            f"{IN_CALL}sip-outbound-call-failed-to-connect",
            "phone-call-provider-bypass-enabled-but-no-call-received",
        ),
    ),
    (broken(Ending.ACCOUNT_IN_CALL, *VAPI_FAULT), (OF_VAPIS_ACCOUNT,)),
    (broken(Ending.ACCOUNT_IN_CALL, *PROVIDER_FAULT), (OF_AN_ACCOUNT,)),
    (broken(Ending.BROKE, *VAPI_FAULT), (f"{IN_CALL}vapifault-*", "worker-shutdown")),
    (
        broken(Ending.BROKE, *PROVIDER_FAULT),
        (
            f"{IN_CALL}providerfault-*",
            f"{IN_CALL}pipeline-*",
            "pipeline-error-*",
            "phone-call-provider-closed-websocket",
            "vonage-disconnected",
        ),
    ),
    (broken(Ending.BROKE, UNKNOWN.title, UNKNOWN.sentence), (f"{IN_CALL}*",)),
)
