"""Made-up conversations by WhatsApp, beside the made-up calls of seeding.py."""

import random
import uuid
from collections.abc import Sequence
from datetime import timedelta

from leads.models import (
    Author,
    Conversation,
    Lead,
    LeadStatus,
    Message,
    MessageKind,
    MessagePurpose,
    MessageStatus,
)
from workspaces.models import Channel

WINDOW = timedelta(hours=24)
PAUSE = timedelta(seconds=40)
OPENER = "Hi {name}, you asked us about coaching. What would you like to reach?"
# Who writes what after the opener, where the lead answered.
TALK = (
    (Author.LEAD, "Hi! I want to run a half-marathon in spring."),
    (Author.AGENT, "That is a good plan. How often do you train now?"),
    (Author.LEAD, "Twice a week. Mornings suit me best."),
    (Author.AGENT, "I can offer Tuesday: 09:00 or 10:00. Which one suits you?"),
    (Author.LEAD, "Tuesday at ten would be good."),
)
STATUSES = (MessageStatus.READ, MessageStatus.READ, MessageStatus.DELIVERED)


def seed(leads: Sequence[Lead], chance: random.Random) -> None:
    """Insert a conversation with each lead: all of it, or the opener where the lead is new."""
    conversations, messages = [], []
    for lead in leads:
        conversation = Conversation(
            id=uuid.UUID(int=chance.getrandbits(128), version=4),
            lead=lead,
            channel=Channel.WHATSAPP,
            created_at=lead.created_at,
        )
        written = _messages(lead, conversation, chance)
        _sum_up(conversation, written)
        conversations.append(conversation)
        messages += written
    Conversation.objects.bulk_create(conversations)
    Message.objects.bulk_create(messages)


def note_contacts(leads: Sequence[Lead]) -> None:
    """Let leads have been written to, and have answered, as seed() has it. In memory."""
    for lead in leads:
        lead.first_contact_at = lead.created_at
        lead.reached_at = None if lead.status == LeadStatus.NEW else lead.created_at + PAUSE


def _messages(lead: Lead, conversation: Conversation, chance: random.Random) -> list[Message]:
    opener = (Author.AGENT, OPENER.format(name=lead.name))
    talk = [opener] if lead.status == LeadStatus.NEW else [opener, *TALK]
    return [
        _message(lead, conversation, place, author, body, chance)
        for place, (author, body) in enumerate(talk)
    ]


def _message(
    lead: Lead,
    conversation: Conversation,
    place: int,
    author: Author,
    body: str,
    chance: random.Random,
) -> Message:
    at = lead.created_at + PAUSE * place
    is_lead, is_opener = author == Author.LEAD, not place
    return Message(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        workspace_id=lead.workspace_id,
        conversation=conversation,
        author=author,
        kind=MessageKind.TEMPLATE if is_opener else MessageKind.TEXT,
        purpose="" if is_lead else MessagePurpose.OPENER if is_opener else MessagePurpose.REPLY,
        status=MessageStatus.RECEIVED if is_lead else chance.choice(STATUSES),
        body=body,
        sid=f"SM{chance.getrandbits(128):032x}",
        created_at=at,
        sent_at=None if is_lead else at,
        status_at=None if is_lead else at,
    )


def _sum_up(conversation: Conversation, written: Sequence[Message]) -> None:
    """Write into the conversation's row what follows from its messages."""
    heard = [one.created_at for one in written if one.is_inbound]
    sent = [one.created_at for one in written if not one.is_inbound]
    conversation.message_count = len(written)
    conversation.last_outbound_at = max(sent)
    if heard:
        conversation.last_inbound_at = max(heard)
        conversation.window_until = max(heard) + WINDOW
        conversation.address = f"whatsapp:{conversation.lead.phone}"
