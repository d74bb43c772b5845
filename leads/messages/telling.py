"""Telling of messages, beside what is written of them and in the same transaction."""

from typing import Any

from django.db.models.functions import Now

from leads import events, notices
from leads.models import Lead, Message
from workspaces.webhooks import outbox


def received(message: Message) -> None:
    """A lead wrote: its workspace's systems hear of it, and its people where one of them has it."""
    lead = message.thread.lead
    _note_activity(lead)
    events.message_received(lead, _shown(message))
    if lead.is_with_person:
        notices.wrote_again(lead, f"message {message.pk}")


def sent(message: Message) -> None:
    """Twilio took a message of ours."""
    _note_activity(message.thread.lead)
    events.message_sent(message.thread.lead, _shown(message))


def _note_activity(lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(last_active_at=Now())


def _shown(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.pk),
        "author": message.author,
        "kind": message.kind,
        "body": message.body,
        "createdAt": outbox.instant(message.created_at),
    }
