"""The first message to a lead that has just written in: written down with the lead.

Lead, conversation, message and the message's place in the day's count are one write; the worker
sends it, within a second.
"""

from datetime import timedelta

from django.db import transaction

from coachbot.db.prepared import PreparedInsert, Statement
from coachbot.deadline import Deadline
from leads import events
from leads.contact import gate
from leads.messages import sending, templates
from leads.models import (
    Author,
    Conversation,
    Lead,
    Message,
    MessageKind,
    MessagePurpose,
    MessageStatus,
)

_conversations = PreparedInsert(Conversation)
# By the database's clock, as another machine may send it.
_messages = PreparedInsert(Message, created_at=timedelta(0), look_at=timedelta(0))


@transaction.atomic
def open_first(lead: Lead, insert: Statement) -> Message:
    """Write a new lead down, and the message that is about to be sent to it; and count it.

    insert: that of the lead. Ask the gate before. Raises gate.NoLongerAllowed, and IntegrityError
    where the lead could not be inserted, as the phone is one already; nothing is written then.
    """
    conversation = Conversation(lead=lead, channel=lead.channel, created_at=lead.created_at)
    message = Message(
        workspace=lead.workspace,
        conversation=conversation,
        author=Author.AGENT,
        kind=MessageKind.TEMPLATE,
        purpose=MessagePurpose.OPENER,
        status=MessageStatus.PENDING,
        details=templates.opener(lead).details,
    )
    inserts = (_conversations.statement(conversation), _messages.statement(message))
    gate.write_counted(lead.workspace, insert, *inserts)
    events.lead_created(lead)
    return message


def queue(message: Message, *, deadline: Deadline) -> None:
    """Have the message sent by some worker at once. What gets lost here is found by the worker."""
    sending.soon(message.thread.pk)
