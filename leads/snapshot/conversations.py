"""What the API tells of a written conversation with a lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leads.models import Conversation, Lead, Message
from leads.snapshot import written
from workspaces.models import Channel

# What a transcript is made of; the rest of a message is for its lead's page.
COLUMNS = ("author", "kind", "status", "body", "details")


@dataclass(frozen=True)
class Told:
    """A conversation as callers see it. transcript: "" where nothing was written yet.

    window_open_until: until when the lead can be written to without a template; it may be over.
    """

    message_count: int = 0
    last_inbound_at: datetime | None = None
    last_outbound_at: datetime | None = None
    window_open_until: datetime | None = None
    transcript: str = ""


def of_lead(lead: Lead) -> Told | None:
    """Return the conversation with a lead; None where it is not written to. Two queries, and none
    for a lead that is called.
    """
    if lead.channel != Channel.WHATSAPP:
        return None
    found = Conversation.objects.filter(lead=lead, channel=Channel.WHATSAPP).first()
    return _told(found, _messages(found)) if found else Told()


def _messages(conversation: Conversation) -> Sequence[Message]:
    return list(conversation.messages.in_order().only(*COLUMNS))


def _told(conversation: Conversation, messages: Sequence[Message]) -> Told:
    return Told(
        conversation.message_count,
        conversation.last_inbound_at,
        conversation.last_outbound_at,
        conversation.window_until,
        written.transcript(messages),
    )
