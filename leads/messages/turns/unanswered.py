"""What a lead wrote that nobody has answered, and what of it can be read."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from leads.messages.incoming import inbound
from leads.models import Author, Conversation, Message, MessageKind, MessagePurpose, MessageStatus

# Whoever wrote by hand has answered what was there, and so has the confirmation of STOP.
ANSWERS = (MessagePurpose.BY_HAND, MessagePurpose.OPT_OUT)
NOT_GONE = (MessageStatus.NOT_SENT, MessageStatus.FAILED)
NAMES = {
    MessageKind.IMAGE: "a picture",
    MessageKind.AUDIO: "a voice note",
    MessageKind.VIDEO: "a video",
    MessageKind.DOCUMENT: "a document",
    MessageKind.CONTACTS: "a contact",
    MessageKind.LOCATION: "a place",
}


def unanswered(conversation: Conversation) -> QuerySet[Message]:
    """Return the messages of a lead that neither a turn nor a person has answered, in order."""
    answers = conversation.messages.filter(purpose__in=ANSWERS).exclude(status__in=NOT_GONE)
    waiting = conversation.messages.filter(author=Author.LEAD, turn=None)
    waiting = waiting.exclude(details__has_key="word")  # STOP and START are not for the agent
    waiting = waiting.filter(~Exists(answers.filter(created_at__gte=OuterRef("created_at"))))
    return waiting.order_by("created_at", "part", "id")


def is_readable(message: Message) -> bool:
    """Return whether a message says something in words; a picture does by its caption."""
    return bool(message.body.strip()) or message.kind not in inbound.UNREADABLE


def are_all_unreadable(messages: Sequence[Message]) -> bool:
    """Return whether there is nothing in some messages that could be answered."""
    return not any(map(is_readable, messages))


def in_words(message: Message) -> str:
    """Return a message as the model reads it: what is no text is named in brackets."""
    text = message.body.strip()
    if message.kind in (MessageKind.TEXT, MessageKind.BUTTON, MessageKind.TEMPLATE) and text:
        return text
    name = NAMES.get(MessageKind(message.kind), "something that cannot be read")
    if message.kind == MessageKind.LOCATION:
        name = f"{name}: {_place(message)}"
    return f"[{name}] {text}".strip() if text else f"[{name}]"


def _place(message: Message) -> str:
    place = message.details.get("place") if isinstance(message.details, dict) else None
    if not isinstance(place, dict):
        return "on a map"
    return ", ".join(str(value)[:120] for value in place.values() if value)
