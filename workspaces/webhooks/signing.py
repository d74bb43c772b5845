"""Signatures of Standard Webhooks 1.0.0, with secrets that only the endpoint's owner knows.

Signed is `<id>.<timestamp>.<body>` by HMAC-SHA256, as `v1,<base64>`; while a secret is replaced,
by both, with a space between.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from coachbot.sealing import reseal, seal, unseal
from workspaces.models import WebhookEndpoint

SECRET_BYTES = 32
PREFIX = "whsec_"
# How long the secret before signs too, for who has not put the new one in place yet.
OVERLAP = timedelta(hours=24)


def new_secret() -> str:
    """Return a secret as its owner gets it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def seal_secrets(endpoint: WebhookEndpoint, secret: str, former: str = "") -> None:
    """Put the secret into a row that has its id, and the one before it; it is not saved."""
    endpoint.sealed = seal({"secret": secret, "former": former}, "webhook", endpoint.pk)


def current_secret(endpoint: WebhookEndpoint) -> str:
    """Return the secret of an endpoint. Raises CannotUnseal."""
    return str(unseal(endpoint.sealed, "webhook", endpoint.pk)["secret"])


def valid_secrets(endpoint: WebhookEndpoint, now: datetime) -> list[str]:
    """Return the secrets by which is signed at a moment, the newest first. Raises CannotUnseal."""
    held = unseal(endpoint.sealed, "webhook", endpoint.pk)
    is_overlap = endpoint.former_until is not None and now < endpoint.former_until
    return [held["secret"], *([held["former"]] if is_overlap and held["former"] else [])]


def headers(webhook_id: str, at: datetime, body: bytes, keys: Sequence[str]) -> dict[str, str]:
    """Return the three headers of one attempt, which is made at a moment."""
    timestamp = str(int(at.timestamp()))
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(key, signed) for key in keys),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def reseal_all() -> tuple[int, list[str]]:
    """Seal all secrets under the first key of ENCRYPTION_KEY.

    Return how many were not, and a sentence for each that no key opens.
    """
    rows = WebhookEndpoint.objects.all()
    resealed, left = reseal(rows, lambda row: ("webhook", row.pk))
    return resealed, [f"Webhook endpoint {row.pk}: {error}" for row, error in left]
