"""What a row holds of its mail: everything, sealed, and nothing once it has ended."""

from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db.models import QuerySet

from coachbot.mail.models import Mail, State
from coachbot.sealing import reseal, seal, unseal

FIELDS = ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to")


def waiting() -> QuerySet[Mail]:
    """Return the mails that are to be sent."""
    return Mail.objects.filter(state=State.WAITING)


def put(row: Mail, message: EmailMessage, *, is_decoy: bool) -> None:
    """Seal a mail into its row. Raises ValueError for one with attachments."""
    if message.attachments:
        raise ValueError("The outbox takes no attachments.")
    alternatives: list[Any] = getattr(message, "alternatives", None) or []
    content = {
        **{name: getattr(message, name) for name in FIELDS},
        "headers": message.extra_headers,
        "alternatives": [list(alternative) for alternative in alternatives],
        "is_decoy": is_decoy,
    }
    row.sealed = seal(content, "mail", row.pk)


def take(row: Mail) -> EmailMessage | None:
    """Return what is to be sent, None for a decoy. Raises CannotUnseal."""
    content = unseal(row.sealed, "mail", row.pk)
    if content["is_decoy"]:
        return None
    fields = {name: content[name] for name in (*FIELDS, "headers")}
    message = EmailMultiAlternatives(**fields)
    for text, kind in content["alternatives"]:
        message.attach_alternative(text, kind)
    return message


def reseal_all() -> int:
    """Seal waiting mails under the first key of ENCRYPTION_KEY. Return how many were not.

    One that no key opens is left: the worker gives it up.
    """
    resealed, _ = reseal(waiting(), lambda row: ("mail", row.pk))
    return resealed
