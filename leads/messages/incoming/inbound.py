"""Taking in what people write, once: Twilio repeats itself, and its list tells the same again.

One transaction: the message, its place in the conversation, the window, STOP, and when a worker is
to look at it. Nothing here waits for a provider or a model.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from coachbot.db import clock
from coachbot.db.single import single
from coachbot.db.storable import storable
from coachbot.providers.twilio.events import Inbound
from leads import status
from leads.contact.planned import steps
from leads.messages import telling, window
from leads.messages.incoming import opting_out, senders
from leads.messages.results import outcomes
from leads.models import (
    Author,
    Conversation,
    HeldBecause,
    Lead,
    LeadStatus,
    Message,
    MessageKind,
    MessageStatus,
    StatusReason,
)
from workspaces.log import record
from workspaces.models import LogKind, Outcome, Workspace

# A burst is one turn: so long after the last message, and at most so long after the first.
QUIET, AT_MOST = timedelta(seconds=4), timedelta(seconds=15)
# What no text can be made of, unless words came along.
UNREADABLE = (
    *(MessageKind.AUDIO, MessageKind.VIDEO, MessageKind.IMAGE, MessageKind.DOCUMENT),
    *(MessageKind.CONTACTS, MessageKind.UNKNOWN),
)
TOO_LATE = (
    "The lead wrote while Coachbot could not be reached, and by now WhatsApp takes templates only."
)


def receive(workspace: Workspace, news: Inbound, at: datetime) -> bool:
    """Store a message that came in at a moment, and have it answered where it is to be. Return
    False where it was stored before.
    """
    if _is_stored(workspace, news):
        return False
    try:
        _receive(workspace, news, at)
    except IntegrityError:
        if _is_stored(workspace, news):
            return False  # a twin of it was quicker
        raise
    return True


def _is_stored(workspace: Workspace, news: Inbound) -> bool:
    return Message.objects.filter(workspace=workspace, sid=news.sid).exists()


@transaction.atomic(durable=True)
def _receive(workspace: Workspace, news: Inbound, at: datetime) -> None:
    conversation = _locked(workspace, news)
    message = _store(workspace, conversation, news, at)
    _log(workspace, message, news)
    if conversation:
        _note_sender(conversation, news)
        window.extend(conversation, at)
        outcomes.recount(conversation.pk)
    if not opting_out.deal_with(message, conversation, news) and conversation:
        _have_answered(conversation, message, at)
    if conversation:
        telling.received(message)


def _locked(workspace: Workspace, news: Inbound) -> Conversation | None:
    """Return the conversation of a message, with its lead's row locked first, as all else does."""
    found = senders.find(workspace, news)
    if found is None:
        return None
    leads = Lead.objects.select_for_update(of=("self",)).select_related("workspace")
    lead = single(leads.filter(pk=found.lead_id))
    conversation = single(Conversation.objects.select_for_update().filter(pk=found.pk))
    if lead is None or conversation is None:  # erased meanwhile
        return None
    conversation.lead = lead
    return conversation


def _store(
    workspace: Workspace, conversation: Conversation | None, news: Inbound, at: datetime
) -> Message:
    more = {
        "media": [dict(media) for media in news.media],
        "place": dict(news.place),
        "button": news.button,
        "replied_to": news.replied_to,
        "opt_out_type": news.opt_out_type,
        "referral": dict(news.referral),
    }
    return Message.objects.create(
        workspace=workspace,
        conversation=conversation,
        author=Author.LEAD,
        kind=news.kind if news.kind in MessageKind.values else MessageKind.UNKNOWN,
        status=MessageStatus.RECEIVED,
        body=storable(news.body),
        details={name: value for name, value in more.items() if value},
        sender=news.from_,
        sender_name=storable(news.profile_name),
        sid=news.sid,
        created_at=at,
    )


def _note_sender(conversation: Conversation, news: Inbound) -> None:
    """Keep how WhatsApp names the lead: it is written to there from now on."""
    changes = {"address": news.from_}
    if news.external_user_id:
        changes["external_user_id"] = news.external_user_id
    if any(getattr(conversation, name) != value for name, value in changes.items()):
        Conversation.objects.filter(pk=conversation.pk).update(**changes)


def _have_answered(conversation: Conversation, message: Message, at: datetime) -> None:
    """Let the lead have been reached, and a worker look at what it wrote once it is quiet."""
    lead = conversation.lead
    if lead.is_opted_out:
        return
    _note_reached(lead, at)
    changes: dict[str, Any] = {"waiting_since": conversation.waiting_since or at}
    if message.kind in UNREADABLE and not message.body.strip():
        changes["unreadable_count"] = conversation.unreadable_count + 1
    now = clock.now()
    if now >= window.end_of(at):
        _leave_to_person(lead)
    elif not lead.is_with_person:
        changes["due_at"] = min(now + QUIET, max(now, changes["waiting_since"] + AT_MOST))
    Conversation.objects.filter(pk=conversation.pk).update(**changes)


def _note_reached(lead: Lead, at: datetime) -> None:
    """Let the lead talk: nothing more of the plan is sent, and no rule holds it any more."""
    steps.drop_attempt(lead)
    if lead.reached_at is None or at < lead.reached_at:  # what comes late was written before
        Lead.objects.filter(pk=lead.pk).update(reached_at=at)
    if status.move(lead.pk, StatusReason.REACHED):
        lead.status = LeadStatus.IN_CONVERSATION
    if lead.unreached_at or lead.held_because:
        Lead.objects.filter(pk=lead.pk).exclude(held_because=HeldBecause.DO_NOT_CALL).update(
            unreached_at=None, held_because="", updated_at=timezone.now()
        )


def _leave_to_person(lead: Lead) -> None:
    status.move(lead.pk, StatusReason.MESSAGE_NOT_DELIVERED, notes=TOO_LATE)


def _log(workspace: Workspace, message: Message, news: Inbound) -> None:
    """Tell that a message came; what it says is on the lead's page, and goes with the lead."""
    record.row(
        workspace_id=workspace.pk,
        kind=LogKind.PROVIDER_EVENT,
        code="twilio.inbound",
        action="Twilio message from a lead" if message.conversation_id else "Twilio message",
        outcome=Outcome.SUCCEEDED,
        lead_id=message.conversation.lead_id if message.conversation else None,
        phone="" if message.conversation else next(senders.numbers(news), ""),
        request={"messageSid": news.sid, "kind": message.kind, "length": len(message.body)},
    )
