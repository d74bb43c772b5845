"""What pages say of people who write and are no leads."""

from django import template

from leads.models import Message
from leads.reading import strangers

register = template.Library()


@register.filter
def sender_name(message: Message) -> str:
    """Return how the sender of a message calls itself."""
    return strangers.name_of(message)


@register.filter
def sender_phone(message: Message) -> str:
    """Return the sender's number, "" where there is none."""
    return strangers.phone_of(message)


@register.filter
def words(message: Message) -> str:
    """Return what a message says."""
    return strangers.text_of(message)
