"""Sending a message once: written down as about to be sent, sent, and what came of it written.

Twilio has no idempotency key. So a message is `sending`, committed, before Twilio is asked, and
from then on it is never sent again unseen: leads.messages.settling finds out what became of it.
Who begins is decided by one conditional write, so any number of workers may try at once.
"""

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from coachbot.db import clock
from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Refused, Unreachable, limits
from coachbot.providers.twilio import client as twilio
from coachbot.work import engine
from leads.contact import gate
from leads.messages import addresses, templates, window
from leads.messages.results import faults, outcomes
from leads.messages.templates import Template
from leads.models import (
    UNSETTLED,
    Author,
    Conversation,
    Message,
    MessageKind,
    MessagePurpose,
    MessageStatus,
    Turn,
)
from workspaces.connections import credentials, twilio_setup
from workspaces.log import exchanges
from workspaces.models import User

logger = logging.getLogger(__name__)

# Longer than Twilio may take for an answer: after that nobody works on it any more.
LEASE = timedelta(seconds=settings.TWILIO_TIMEOUT + 5)
SEND_SECONDS = settings.TWILIO_TIMEOUT + 2.0
# With less time left than this, nothing is sent: it would only end unclear.
SHORTEST = 2.0
# How long a worker waits for one of its places at Twilio; a web process waits for none.
PATIENCE = 5.0
# For the one before it that is being sent.
ORDER_PAUSE = timedelta(seconds=1)
UNSENT = (MessageStatus.NOT_SENT, MessageStatus.FAILED, MessageStatus.UNDELIVERED)
# Never processed, so it is safe to try again.
BUSY = "twilio.busy"


def write(
    conversation: Conversation,
    *,
    purpose: MessagePurpose,
    body: str = "",
    template: Template | None = None,
    turn: Turn | None = None,
    part: int = 0,
    member: User | None = None,
) -> Message:
    """Write a message down that is to be sent, in the caller's transaction.

    What is committed is sent, unless the gate forbids it then: soon() after the commit has it sent
    at once, and without that the worker finds it. member: who wrote it; None for the agent.
    """
    now = clock.now()
    return Message.objects.create(
        workspace_id=conversation.lead.workspace_id,
        conversation=conversation,
        author=Author.PERSON if member else Author.AGENT,
        kind=MessageKind.TEMPLATE if template else MessageKind.TEXT,
        purpose=purpose,
        status=MessageStatus.PENDING,
        body=body,
        details=template.details if template else {},
        turn=turn,
        part=part,
        member=member,
        created_at=now,
        look_at=now,
    )


def soon(conversation_id: uuid.UUID) -> None:
    """Have what is pending in a conversation sent by some worker, after the commit."""
    transaction.on_commit(lambda: engine.wake(send_of, conversation_id))


@engine.task
def send_of(conversation_id: uuid.UUID) -> None:
    found = Conversation.objects.select_related("lead__workspace").filter(pk=conversation_id)
    conversation = found.first()
    if conversation:
        send_pending(conversation)


def send_pending(conversation: Conversation) -> None:
    """Send what is pending in a conversation, one after the other.

    What cannot be sent now is found by the worker when its time has come.
    """
    pending = conversation.messages.filter(status=MessageStatus.PENDING)
    for message in pending.filter(look_at__lte=Now()).in_order():
        send(message, deadline=Deadline(SEND_SECONDS))


def send(message: Message, *, deadline: Deadline) -> None:
    """Send a pending message, if the gate lets it pass now; one that is not pending is left.

    Its row says what came of it. Never raises ProviderError.
    """
    begun = _begin(message.pk)
    if begun is None:
        return
    try:
        with limits.TWILIO.hold(begun.workspace_id, patience=min(PATIENCE, deadline.remaining())):
            sent = _post(begun, deadline)
    except credentials.NotConnected:
        outcomes.disconnected(begun)
    except credentials.CannotUnseal:
        error = Refused("The account cannot be read.")
        error.code = "twilio.unreadable_credentials"
        outcomes.refused(begun, faults.of_error(error))
    except Unreachable as error:
        outcomes.try_again(begun, error)
    except Refused as error:
        if error.code == BUSY:
            outcomes.try_again(begun, error)
        else:
            outcomes.refused(begun, faults.of_error(error))
    except ProviderError as error:
        logger.info("Message %s: %s", begun.pk, error)
        outcomes.unclear(begun)
    else:
        outcomes.taken(begun, sent)


@transaction.atomic(durable=True)
def _begin(message_id: uuid.UUID) -> Message | None:
    """Mark a message as about to be sent, under our lease; None where it must not be sent now."""
    message = outcomes.locked(message_id, MessageStatus.PENDING)
    if message is None or _waits_for_order(message):
        return None
    lead = message.thread.lead
    began = message.turn.created_at if message.turn else None
    if held := gate.let_write(lead, MessagePurpose(message.purpose), turn_began=began):
        outcomes.hold(message, held)
        return None
    if message.kind == MessageKind.TEXT and not window.is_open(message.thread, clock.now()):
        outcomes.fail(message, faults.WINDOW_CLOSED)
        return None
    Message.objects.filter(pk=message.pk).update(
        status=MessageStatus.SENDING,
        sent_at=Now(),
        status_at=Now(),
        lease_until=Now() + LEASE,
        look_at=Now() + LEASE,
        tries=F("tries") + 1,
    )
    message.tries += 1
    return message


def _waits_for_order(message: Message) -> bool:
    """Put a message off while one before it is not settled; drop it where that was not sent."""
    earlier = Q(created_at__lt=message.created_at)
    same = Q(created_at=message.created_at, part__lt=message.part)
    ours = Message.objects.outbound().filter(conversation=message.conversation_id)
    before = ours.filter(earlier | same).in_order()
    of_turn = before.filter(turn=message.turn_id) if message.turn_id else before.none()
    # Of a part that was tried again, the last attempt counts.
    parts = set(dict(of_turn.exclude(part=message.part).values_list("part", "status")).values())
    if parts & set(UNSENT):
        outcomes.fail(message, faults.OVERTAKEN)
        return True
    if parts & set(UNSETTLED) or before.filter(status=MessageStatus.SENDING).exists():
        later = {"look_at": Now() + ORDER_PAUSE, "lease_until": None}
        Message.objects.filter(pk=message.pk).update(**later)
        return True
    return False


def _post(message: Message, deadline: Deadline) -> twilio.Sent:
    account = credentials.twilio_account(message.workspace_id)
    if deadline.remaining() < SHORTEST:
        raise Unreachable("Coachbot was too busy to send the message in time.")
    lead = message.thread.lead
    door = exchanges.door(message.workspace_id, lead_id=lead.pk, phone=lead.phone)
    to, callback = addresses.of(message.thread), callback_url(message)
    timeout = min(settings.TWILIO_TIMEOUT, deadline.remaining())
    if message.kind != MessageKind.TEMPLATE:
        return twilio.send_text(
            door, account, to=to, body=message.body, callback_url=callback, timeout=timeout
        )
    content_sid = templates.content_sid(account, message.details["template"])
    if not content_sid:
        raise _NoTemplate("The account has no such template.")
    return twilio.send_template(
        door,
        account,
        to=to,
        content_sid=content_sid,
        variables=message.details["variables"],
        callback_url=callback,
        timeout=timeout,
    )


class _NoTemplate(Refused):
    code = "twilio.template_missing"


def callback_url(message: Message) -> str:
    """Return where Twilio reports what becomes of a message; its id there settles a lost answer.

    "" where Twilio cannot reach us.
    """
    url = twilio_setup.status_url(message.thread.lead.workspace)
    return f"{url}?m={message.pk}" if url else ""
