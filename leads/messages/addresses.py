"""How Twilio names people: `whatsapp:+447700900123`, or `whatsapp:GB.` and an id of WhatsApp's."""

import re

from leads.models import Conversation

PREFIX = "whatsapp:"
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


def of_phone(phone: str) -> str:
    """Return the address of a number in E.164 form."""
    return f"{PREFIX}{phone}"


def phone_in(address: str) -> str:
    """Return the number that an address is, in E.164 form; "" where it is none."""
    number = address.removeprefix(PREFIX).strip()
    return number if _PHONE.fullmatch(number) else ""


def of(conversation: Conversation) -> str:
    """Return where to write to the lead of a conversation: where it wrote from, else its phone."""
    return conversation.address or of_phone(conversation.lead.phone)
