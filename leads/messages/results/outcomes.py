"""What became of a message of ours, and what follows from it for its lead.

Twilio's answer, its callbacks and its list all end here, in any order and repeatedly. A status only
goes up: what was read was delivered, and what arrived did not fail. Everything is one transaction
with the lead's row locked first, as events and erasing lock it.
"""

import logging
import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now

from coachbot import backoff
from coachbot.db.single import single
from coachbot.providers import ProviderError
from coachbot.providers.twilio.client import Sent
from leads.contact import gate
from leads.contact.rules import UNASKED, Held
from leads.messages import telling
from leads.messages.results import consequences, contacts, faults
from leads.messages.results.faults import Failure
from leads.models import (
    GONE_OUT,
    UNSETTLED,
    Author,
    Conversation,
    HeldBecause,
    Lead,
    Message,
    MessageStatus,
)

logger = logging.getLogger(__name__)

S = MessageStatus
# What Twilio's words for a status are to us; a word that is not among them changes nothing.
WORDS = {
    **dict.fromkeys(("queued", "accepted", "scheduled", "sending"), S.ACCEPTED),
    "sent": S.SENT,
    "undelivered": S.UNDELIVERED,
    "failed": S.FAILED,
    "canceled": S.FAILED,
    "delivered": S.DELIVERED,
    "read": S.READ,
}
# A status only gives way to one above it.
RANK = {
    **dict.fromkeys((S.PENDING, S.SENDING, S.UNKNOWN, S.NOT_SENT), 0),
    S.ACCEPTED: 1,
    S.SENT: 2,
    S.UNDELIVERED: 3,
    S.FAILED: 4,
    S.DELIVERED: 5,
    S.READ: 6,
}
LOST = (S.UNDELIVERED, S.FAILED)
ARRIVED = (S.DELIVERED, S.READ)
# Where nothing is told for so long, Twilio is asked: it advises that itself.
ASK_AFTER = timedelta(hours=12)
# After a lost answer the list is read soon.
LOOK_AFTER = timedelta(seconds=2)
# What Twilio did not process is tried again: after a second at first, and for some minutes.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=1)
MOST_TRIES = 12


def locked(message_id: uuid.UUID, *statuses: MessageStatus) -> Message | None:
    """Return a message of ours with its lead and conversation, all as they are now and both rows
    locked; None where it is gone, or in none of the statuses, where any are named.
    """
    of_message = Lead.objects.filter(conversations__messages=message_id)
    lead = single(of_message.select_for_update(of=("self",)).select_related("workspace"))
    rows = Message.objects.outbound().select_for_update(of=("self",))
    found = rows.select_related("conversation", "turn").filter(pk=message_id)
    message = single(found.filter(status__in=statuses) if statuses else found)
    if lead is None or message is None or message.conversation is None:
        return None
    message.thread.lead = lead
    return message


@transaction.atomic(durable=True)
def taken(message: Message, sent: Sent) -> None:
    """Write that Twilio took a message."""
    learn(message.pk, WORDS.get(sent.status, S.ACCEPTED), sid=sent.sid)


@transaction.atomic(savepoint=False)
def learn(
    message_id: uuid.UUID, status: MessageStatus, *, sid: str = "", code: str = "", words: str = ""
) -> bool:
    """Write what is known of a message that Twilio took. Return whether anything changed.

    sid: Twilio's. code, words: its own of a failure.
    """
    message = locked(message_id)
    if message is None or (sid and message.sid and message.sid != sid):
        return False
    before = MessageStatus(message.status)
    changes: dict[str, Any] = {"sid": sid} if sid and not message.sid else {}
    if RANK[status] > RANK[before]:
        changes |= {"status": status, "status_at": Now(), "lease_until": None, "look_at": None}
        if status in (S.ACCEPTED, S.SENT):
            changes["look_at"] = Now() + ASK_AFTER
        failure = faults.of_code(code, words) if status in LOST else None
        changes |= {
            "error_code": code if failure else "",
            "error": failure.words if failure else "",
        }
    if not changes:
        return False
    Message.objects.filter(pk=message.pk).update(**changes)
    message.sid, message.status = sid or message.sid, changes.get("status", before)
    if "status" in changes:
        _follow(message, before, faults.of_code(code, words))
    return True


def _follow(message: Message, before: MessageStatus, failure: Failure) -> None:
    """Let the lead follow a message that got another status."""
    contacts.note(message.thread.lead, MessageStatus(message.status))
    if RANK[before] == 0:
        consequences.of_going_out(message)
        recount(message.thread.pk)  # what went out is counted, however it fares
        if message.status not in LOST:
            telling.sent(message)
    if message.status in LOST:
        consequences.of_failure(message, failure)
    if message.status in (S.SENT, *ARRIVED):
        consequences.of_passing(message)
    if message.status in ARRIVED and before in LOST:
        logger.info("Message %s arrived after all", message.pk)


@transaction.atomic(durable=True)
def refused(message: Message, failure: Failure) -> None:
    """Write that Twilio did not take a message that was being sent."""
    now = locked(message.pk, S.SENDING)
    if now:
        fail(now, failure)


def fail(message: Message, failure: Failure) -> None:
    """Write that a message was not sent, and what follows; its rows are locked, and it is settled
    by this.
    """
    write_unsent(message, failure)
    consequences.of_refusal(message, failure)


def hold(message: Message, held: Held) -> None:
    """Write that a rule of the workspace's forbids a message that was let pass before."""
    write_unsent(message, faults.of_rule(message.thread.lead, held))
    consequences.of_rule(message, held)


def write_unsent(message: Message, failure: Failure, *, keeps_place: bool = False) -> None:
    """Write that a message was not sent. keeps_place: of the day, for a second attempt at it."""
    message.status = S.NOT_SENT
    Message.objects.filter(pk=message.pk).update(
        status=S.NOT_SENT,
        status_at=Now(),
        error_code=failure.code,
        error=failure.words,
        lease_until=None,
        look_at=None,
    )
    if (
        message.purpose in UNASKED and not keeps_place
    ):  # it took a place of the day in which nothing was sent
        gate.give_place_back(message.workspace_id, message.created_at)
    recount(message.thread.pk)


@transaction.atomic(durable=True)
def disconnected(message: Message) -> None:
    """Write that no account is connected any more, which the gate did not see."""
    now = locked(message.pk, S.SENDING)
    if now:
        hold(now, Held(HeldBecause.NOT_CONNECTED))


def try_again(message: Message, error: ProviderError) -> None:
    """Have a message sent again in a while that Twilio did not process; not for ever."""
    if message.tries >= MOST_TRIES:
        refused(message, faults.of_error(error))
        return
    pause = backoff.pause(message.tries - 1, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
    asked = timedelta(seconds=min(error.retry_after or 0.0, LONGEST_PAUSE.total_seconds()))
    Message.objects.filter(pk=message.pk, status=S.SENDING).update(
        status=S.PENDING, lease_until=None, look_at=Now() + max(pause, asked)
    )


def unclear(message: Message) -> None:
    """Write that nobody knows whether a message was sent: it is looked up, and not sent again."""
    Message.objects.filter(pk=message.pk, status=S.SENDING).update(
        status=S.UNKNOWN, status_at=Now(), lease_until=None, look_at=Now() + LOOK_AFTER
    )


def recount(conversation_id: uuid.UUID) -> None:
    """Write into a conversation how many messages it has, and when the last ones were."""
    ours = Message.objects.filter(conversation=OuterRef("pk")).order_by()
    came, gone = Q(author=Author.LEAD), Q(status__in=[*GONE_OUT, *LOST])
    number = ours.filter(came | gone).values("conversation")
    inbound = ours.filter(came).values("conversation")
    out = ours.filter(gone).values("conversation")
    Conversation.objects.filter(pk=conversation_id).update(
        message_count=Coalesce(Subquery(number.annotate(n=Count("pk")).values("n")), 0),
        last_inbound_at=Subquery(inbound.annotate(at=Max("created_at")).values("at")),
        last_outbound_at=Subquery(out.annotate(at=Max("sent_at")).values("at")),
    )


def is_unsettled(conversation: Conversation) -> bool:
    """Return whether nobody can say yet of a message what became of it, or it is still to go."""
    return bool(conversation.messages.outbound().filter(status__in=UNSETTLED).exists())
