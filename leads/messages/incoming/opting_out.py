"""STOP and START: before everything else, and never to the model."""

from django.db.models.functions import Now

from coachbot.providers.twilio.events import Inbound
from leads.contact.do_not_call import opt_outs
from leads.messages import sending
from leads.messages.incoming import senders, stop_words
from leads.models import (
    Conversation,
    HeldBecause,
    Message,
    MessagePurpose,
    MessageStatus,
    Turn,
    TurnStage,
    Way,
)
from workspaces.models import Workspace

CONFIRMATION = (
    "You will get no more messages from {name}. If you want to hear from us again, write START."
)
OPEN = (TurnStage.THINKING, TurnStage.READY)
# Where Twilio says that it dealt with the word itself, it answered it, too.
STOP, START = "STOP", "START"


def deal_with(message: Message, conversation: Conversation | None, news: Inbound) -> bool:
    """Do what a word of these asks for. Return whether the message is one: nobody answers it.

    In the transaction that stores the message, with its lead's row locked.
    """
    word = _word_of(message.workspace, conversation, news)
    if not word:
        return False
    details = {**message.details, "word": word}  # leaves it out of what the agent reads
    Message.objects.filter(pk=message.pk).update(details=details)
    if conversation:
        rows = Conversation.objects.filter(pk=conversation.pk)
        rows.update(due_at=None, waiting_since=None)
    if word == STOP:
        _stop(message.workspace, conversation, news)
    return True


def _word_of(workspace: Workspace, conversation: Conversation | None, news: Inbound) -> str:
    if news.opt_out_type == STOP or stop_words.is_stop(news.body):
        return STOP
    is_start = news.opt_out_type == START or stop_words.is_start(news.body)
    if is_start and _undo(workspace, conversation, news):
        return START
    return news.opt_out_type  # HELP, which Twilio answers; or a START of nothing, likewise


def _numbers_of(conversation: Conversation | None, news: Inbound) -> list[str]:
    """Return the numbers of who wrote, in E.164 form: the lead's phone, and what came along."""
    known = [conversation.lead.phone] if conversation else []
    return list(dict.fromkeys([*known, *senders.numbers(news)]))


def _stop(workspace: Workspace, conversation: Conversation | None, news: Inbound) -> None:
    """Put a sender on the do-not-call list, drop what was on its way, and confirm it once.

    Nobody answers who is no lead, or was on the list before; nor where Twilio has answered.
    """
    numbers = _numbers_of(conversation, news)
    added = opt_outs.add(workspace, numbers, way=Way.MESSAGE) if numbers else 0
    if conversation is None:
        return
    _drop_answers(conversation)
    if added and not news.opt_out_type:
        text = CONFIRMATION.format(name=workspace.name)
        sending.write(conversation, purpose=MessagePurpose.OPT_OUT, body=text)
        sending.soon(conversation.pk)


def _undo(workspace: Workspace, conversation: Conversation | None, news: Inbound) -> bool:
    """Undo a STOP. Return whether there was one; what else put the number on the list stays."""
    numbers = _numbers_of(conversation, news)
    return bool(numbers and opt_outs.remove(workspace, numbers, way=Way.MESSAGE))


def _drop_answers(conversation: Conversation) -> None:
    """Drop the turn of a conversation, and what is written down in it and was not begun; but for
    the confirmation of an earlier STOP.
    """
    turns = Turn.objects.filter(conversation=conversation, stage__in=OPEN)
    turns.update(stage=TurnStage.DROPPED, fault=HeldBecause.DO_NOT_CALL, ended_at=Now())
    pending = conversation.messages.filter(status=MessageStatus.PENDING)
    pending.exclude(purpose=MessagePurpose.OPT_OUT).update(
        status=MessageStatus.NOT_SENT,
        error_code=HeldBecause.DO_NOT_CALL,
        error="The lead wrote STOP.",
        look_at=None,
        lease_until=None,
    )
