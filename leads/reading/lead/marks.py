"""How far a message of ours came, in words."""

from dataclasses import dataclass, replace

from coachbot.providers.twilio import errors
from leads.contact import gate
from leads.models import HeldBecause, Lead, Message, MessageStatus

DOUBLE = "It may have arrived twice: nobody can say what became of the first attempt."
UNKNOWN = (
    "Twilio did not say whether it took it. It is looked up there, and never sent again unseen."
)


@dataclass(frozen=True)
class Mark:
    """What is said of a message. tone: `good`, `bad`, `open` or `plain`.

    why: what happened and what to do about it, where that needs sentences.
    """

    words: str
    tone: str = "plain"
    why: str = ""


MARKS = {
    MessageStatus.PENDING: Mark("Waits to be sent", "open"),
    MessageStatus.SENDING: Mark("Is being sent", "open"),
    MessageStatus.UNKNOWN: Mark("Not known whether sent", "open", UNKNOWN),
    MessageStatus.ACCEPTED: Mark("Handed to Twilio"),
    MessageStatus.SENT: Mark("Sent"),
    MessageStatus.DELIVERED: Mark("Delivered", "good"),
    MessageStatus.READ: Mark("Read", "good"),
}
FAILED = {
    MessageStatus.UNDELIVERED: "Not delivered",
    MessageStatus.FAILED: "Failed",
    MessageStatus.NOT_SENT: "Not sent",
}


def mark_of(message: Message, lead: Lead) -> Mark | None:
    """Return how far a message to a lead came; None for one of the lead's own."""
    if message.status == MessageStatus.RECEIVED:
        return None
    status = MessageStatus(message.status)
    if status in FAILED:
        return Mark(FAILED[status], "bad", why_of(message, lead))
    mark = MARKS[status]
    return replace(mark, why=message.error) if message.error else mark


def why_of(message: Message, lead: Lead) -> str:
    """Return why a message did not arrive and what to do about it, "" where nobody knows.

    It stands with the message; else its code says it: the gate's where a rule forbade it, or
    Twilio's.
    """
    if message.error or not message.error_code:
        return message.error
    if message.error_code in HeldBecause.values:
        return gate.sentence(lead, message.error_code)
    told = errors.explain(message.error_code)
    return f"{told.sentence} {told.advice}"
