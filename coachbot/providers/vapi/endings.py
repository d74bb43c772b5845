"""What an ended call can have come to, and what is told of it; ended_reasons says of which."""

from dataclasses import dataclass
from enum import Enum


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


class Reach(Enum):
    """Whether a call that ended so reached the person."""

    PERSON = "person"
    NOBODY = "nobody"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Explanation:
    """What a reason means. title: two to five words. sentence: what happened, and what to do
    where there is something to do.
    """

    ending: Ending
    title: str
    sentence: str
    reach: Reach


def talk(ending: Ending, title: str, sentence: str) -> Explanation:
    """Return what is said of a call in which the agent talked to the person."""
    return Explanation(ending, title, sentence, Reach.PERSON)


def missed(ending: Ending, title: str, sentence: str) -> Explanation:
    """Return what is said of a call that did not come to the person."""
    return Explanation(ending, title, sentence, Reach.NOBODY)


def broken(ending: Ending, title: str, sentence: str) -> Explanation:
    """Return what is said of a call that leaves open whether it reached the person."""
    return Explanation(ending, title, sentence, Reach.UNSURE)
