"""What Twilio tells of a message of ours, by callbacks: in any order, twice or not at all."""

import uuid
from typing import Any

from django.db import IntegrityError

from coachbot.db.single import single
from coachbot.providers.twilio.events import StatusNews
from leads.messages.results import outcomes
from leads.models import Conversation, Message
from workspaces.log import record
from workspaces.models import LogKind, Outcome, Workspace

CODE, ACTION = "twilio.status", "Twilio message status"
# Words of Twilio's that nobody knows are kept with the message, so many of them.
MOST_WORDS = 10


def apply(workspace: Workspace, news: StatusNews) -> bool:
    """Write what a callback says into its message. Return whether it changed anything.

    The message is found by our id, which the callback's address carries, else by Twilio's.
    """
    message = _find(workspace, news)
    if message is None:
        _log(workspace, news, None, error="No message of this workspace has the id in it.")
        return False
    _note_person(message, news.external_user_id)
    status = outcomes.WORDS.get(news.status)
    if status is None:
        has_changed = _keep_word(message, news.status)
    else:
        has_changed = _learn(message, news, status)
    if has_changed:
        _log(workspace, news, message.conversation.lead_id if message.conversation else None)
    return has_changed


def _find(workspace: Workspace, news: StatusNews) -> Message | None:
    ours = Message.objects.outbound().filter(workspace=workspace).select_related("conversation")
    if news.message_id and (found := single(ours.filter(pk=news.message_id))):
        return found if news.sid in (found.sid or news.sid) else None
    return single(ours.filter(sid=news.sid))


def _learn(message: Message, news: StatusNews, status: Any) -> bool:
    try:
        return outcomes.learn(
            message.pk, status, sid=news.sid, code=news.error_code, words=news.error
        )
    except IntegrityError:  # another message has this sid
        return False


def _note_person(message: Message, external_user_id: str) -> None:
    """Keep WhatsApp's id of the lead: it may write under it, and show no number."""
    if external_user_id:
        rows = Conversation.objects.filter(pk=message.thread.pk)
        rows.exclude(external_user_id=external_user_id).update(external_user_id=external_user_id)


def _keep_word(message: Message, word: str) -> bool:
    """Keep a status that nobody knows; it changes nothing else."""
    words = message.details.get("told", [])
    if word in words or len(words) >= MOST_WORDS:
        return False
    details = {**message.details, "told": [*words, word]}
    return bool(Message.objects.filter(pk=message.pk).update(details=details))


def _log(
    workspace: Workspace, news: StatusNews, lead_id: uuid.UUID | None, *, error: str = ""
) -> None:
    record.row(
        workspace_id=workspace.pk,
        kind=LogKind.PROVIDER_EVENT,
        code=CODE,
        action=ACTION,
        outcome=Outcome.REFUSED if error else Outcome.SUCCEEDED,
        lead_id=lead_id,
        error=error,
        request={
            "messageSid": news.sid,
            "status": news.status,
            "errorCode": news.error_code or None,
        },
    )
