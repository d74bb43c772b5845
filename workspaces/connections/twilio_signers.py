"""Whose auth token signs a request of Twilio's, before anything of it is believed."""

from dataclasses import dataclass, field

from django.utils import timezone

from workspaces.connections import credentials, twilio_senders
from workspaces.models import CredentialKind


@dataclass(frozen=True)
class Signer:
    """A workspace with a Twilio account. workspace_id: None where there is none; the tokens are
    then such as nobody knows. A request is its own if one of the tokens signed it and it names the
    account.
    """

    workspace_id: int | None
    account_sid: str
    tokens: tuple[str, ...] = field(repr=False)


def of_slug(slug: str) -> Signer:
    """Return the signer of the workspace with a slug. Raises CannotUnseal."""
    return _signer(workspace__slug=slug)


def of_number(*, account_sid: str, to: str, service_sid: str = "") -> Signer:
    """Return the signer of the workspace that was written to. Raises CannotUnseal.

    Of several on Twilio's shared sandbox number it is the oldest one's: they have to use the
    address with their slug.
    """
    found = twilio_senders.find(account_sid=account_sid, to=to, service_sid=service_sid)
    return _signer(workspace=found.values("pk")[:1])


def _signer(**where: object) -> Signer:
    workspace_id, stored = credentials.open_first(CredentialKind.TWILIO, **where)
    if workspace_id is None:
        return Signer(None, "", (stored["secret"],))
    tokens = twilio_senders.tokens(stored, timezone.now())
    return Signer(workspace_id, stored["accountSid"], tokens)
