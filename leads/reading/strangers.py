"""Messages of people whom nobody knows: kept for people, and answered by nobody."""

import uuid

from django.db.models import QuerySet

from coachbot.visible import is_blank, without_turning
from leads.messages import addresses
from leads.models import Message
from leads.snapshot import written
from workspaces.models import Workspace

NO_NAME = "Unknown"


class NoStranger(LookupError):
    """The message is not there any more, or is a lead's."""


def messages(workspace: Workspace) -> QuerySet[Message]:
    """Return the messages of people who are no leads, for pages: the newest first."""
    return Message.objects.filter(workspace=workspace, conversation=None)


def find(workspace: Workspace, message_id: uuid.UUID) -> Message:
    """Return one of them. Raises NoStranger."""
    found = messages(workspace).filter(pk=message_id).first()
    if found is None:
        raise NoStranger
    return found


def name_of(message: Message) -> str:
    """Return how the sender calls itself, on one line that turns nothing around."""
    name = without_turning(message.sender_name)
    return NO_NAME if is_blank(name) else name


def phone_of(message: Message) -> str:
    """Return the sender's number in E.164 form, "" where WhatsApp shows none."""
    return addresses.phone_in(message.sender)


def text_of(message: Message) -> str:
    """Return what was written; what is no text in brackets."""
    return written.text_of(message)
