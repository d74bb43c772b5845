"""What is written in a conversation, in words: for the transcript of the API and for pages."""

from collections.abc import Iterable
from typing import Any

from leads.models import GONE_OUT, Author, Message, MessageKind, MessageStatus

# What a message is that cannot be read here.
KINDS = {
    MessageKind.IMAGE: "picture",
    MessageKind.AUDIO: "voice note",
    MessageKind.VIDEO: "video",
    MessageKind.DOCUMENT: "document",
    MessageKind.CONTACTS: "contact",
    MessageKind.LOCATION: "place",
    MessageKind.UNKNOWN: "message of a kind that cannot be read here",
    MessageKind.TEMPLATE: "template",
}
# Whose words they are, as transcripts of calls call the two; a member's are neither's.
SPEAKERS = {Author.AGENT: "AI", Author.LEAD: "User", Author.PERSON: "Person"}
# What was said, or may have been: what never arrived is no part of it.
SAID = (MessageStatus.RECEIVED, *GONE_OUT)
PLACE = ("label", "address")
POINT = ("latitude", "longitude")


def transcript(messages: Iterable[Message]) -> str:
    """Return messages, in their order, as lines `AI: ...`, `User: ...` and `Person: ...`, the last
    for what a member wrote. What cannot be read stands in brackets; what did not reach the lead
    is left out. "" where nothing was said.
    """
    said = (message for message in messages if message.status in SAID)
    return "".join(f"{SPEAKERS[Author(one.author)]}: {text_of(one)}\n" for one in said)


def text_of(message: Message) -> str:
    """Return a message as text: `[voice note]`, `[picture] This is my desk`, or its words."""
    kind = KINDS.get(MessageKind(message.kind), "")
    if not kind or (message.kind == MessageKind.TEMPLATE and message.body):
        return message.body
    more = message.body or more_of(message)
    return f"[{kind}] {more}" if more else f"[{kind}]"


def more_of(message: Message) -> str:
    """Return what is known of a message without a text: of a place where, of a template what
    stands in its gaps.
    """
    if message.kind == MessageKind.TEMPLATE:
        return ", ".join(_variables(message.details))
    if message.kind == MessageKind.LOCATION:
        return place_of(message.details)
    return ""


def _variables(details: dict[str, Any]) -> list[str]:
    variables = details.get("variables")
    return list(map(str, variables.values())) if isinstance(variables, dict) else []


def place_of(details: dict[str, Any]) -> str:
    """Return where a place is: its name and address, then its point, as far as they were sent."""
    told = details.get("place")
    place = told if isinstance(told, dict) else {}
    named = [str(place[name]) for name in PLACE if place.get(name)]
    point = ", ".join(str(place[name]) for name in POINT if place.get(name))
    return ", ".join(filter(None, (*named, point)))
