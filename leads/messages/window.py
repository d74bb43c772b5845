"""The window in which anything may be written to a lead: 24 hours from its last message.

Outside of it Meta takes approved templates only. Twilio tells no moment of a message, so our own
receipt counts, and the window is closed a little early.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Now

from leads.models import Conversation

LENGTH = timedelta(hours=24)
MARGIN = timedelta(minutes=5)


def end_of(at: datetime) -> datetime:
    """Return until when anything may be written after a message that came at a moment."""
    return at + LENGTH - MARGIN


def is_open(conversation: Conversation, now: datetime) -> bool:
    """Return whether anything may be written at a moment, by the row as it is held."""
    return conversation.window_until is not None and now < conversation.window_until


def extend(conversation: Conversation, at: datetime) -> None:
    """Open the window for a message that came at a moment; one that is open longer stays."""
    until = end_of(at)
    rows = Conversation.objects.filter(pk=conversation.pk)
    rows.filter(Q(window_until=None) | Q(window_until__lt=until)).update(window_until=until)


def close(conversation: Conversation) -> None:
    """Close the window now, as the provider says that it is closed."""
    open_rows = Conversation.objects.filter(pk=conversation.pk, window_until__gt=Now())
    open_rows.update(window_until=Now())
