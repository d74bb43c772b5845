"""STOP and START: before everything else, and never to the model."""

from coachbot.providers.twilio.events import Inbound
from leads.contact.do_not_call import opt_outs
from leads.messages import senders, sending, stop_words
from leads.models import (
    Conversation,
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
STOP, START, HELP = "STOP", "START", "HELP"


def wants_out(news: Inbound) -> bool:
    """Return whether a message is nothing but the wish to get no more."""
    return news.opt_out_type == STOP or stop_words.is_stop(news.body)


def wants_in(news: Inbound) -> bool:
    """Return whether a message is nothing but the wish to get messages again."""
    return news.opt_out_type == START or stop_words.is_start(news.body)


def numbers_of(conversation: Conversation | None, news: Inbound) -> list[str]:
    """Return the numbers of who wrote, in E.164 form: the lead's phone, and what came along."""
    known = [conversation.lead.phone] if conversation else []
    return list(dict.fromkeys([*known, *senders.numbers(news)]))


def stop(workspace: Workspace, conversation: Conversation | None, news: Inbound) -> None:
    """Put a sender on the do-not-call list, drop what was on its way, and confirm it once.

    Nobody answers who is no lead, or was on the list before; nor where Twilio has answered.
    """
    numbers = numbers_of(conversation, news)
    added = opt_outs.add(workspace, numbers, way=Way.MESSAGE) if numbers else 0
    if conversation is None:
        return
    drop_answers(conversation)
    if added and not news.opt_out_type:
        text = CONFIRMATION.format(name=workspace.name)
        sending.write(conversation, purpose=MessagePurpose.OPT_OUT, body=text)
        sending.soon(conversation.pk)


def start(workspace: Workspace, conversation: Conversation | None, news: Inbound) -> bool:
    """Undo a STOP. Return whether there was one; what else put the number on the list stays."""
    numbers = numbers_of(conversation, news)
    return bool(numbers and opt_outs.remove(workspace, numbers, way=Way.MESSAGE))


def drop_answers(conversation: Conversation) -> None:
    """Drop the turn of a conversation, and what is written down in it and was not begun."""
    turns = Turn.objects.filter(conversation=conversation, stage__in=OPEN)
    turns.update(stage=TurnStage.DROPPED, fault="opted_out")
    Message.objects.filter(conversation=conversation, status=MessageStatus.PENDING).update(
        status=MessageStatus.NOT_SENT, error_code="do_not_call", look_at=None, lease_until=None
    )
