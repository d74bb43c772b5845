"""The cipher of stored secrets: credentials, and mails that wait. It knows no table.

Nothing else imports the library. Sealed text is `v1.<key id>.<base64 of nonce and ciphertext>`:
AES-256-GCM with a random nonce, bound to the row it is for, such as to a workspace and a kind, so
that one that is copied elsewhere does not open.
"""

import base64
import hashlib
import json
import os
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet

NONCE_BYTES = 12


class CannotUnseal(RuntimeError):
    """Sealed text was not made by one of the keys in ENCRYPTION_KEY, or not for this row."""


def seal(secret: dict[str, Any], *bound_to: object) -> str:
    """Return a dict as sealed text for one row, under the first key.

    bound_to: what tells the row from others, such as its workspace's id and its kind.
    """
    key = encryption_keys()[0]
    nonce = os.urandom(NONCE_BYTES)
    clear = json.dumps(secret).encode()
    sealed = nonce + AESGCM(key).encrypt(nonce, clear, _binding(bound_to))
    return prefix_of(key) + base64.b64encode(sealed).decode()


def unseal(sealed: str, *bound_to: object) -> dict[str, Any]:
    """Return what seal() was given for the same row. Raises CannotUnseal."""
    version, sealed_by, text = (sealed.split(".", 2) + ["", ""])[:3]
    key = {_key_id(key): key for key in encryption_keys()}.get(sealed_by)
    if version != "v1" or key is None:
        raise CannotUnseal(
            f"A secret was sealed with the key {sealed_by}, which ENCRYPTION_KEY does not hold."
        )
    try:
        data = base64.b64decode(text)
        clear = AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _binding(bound_to))
    except (InvalidTag, ValueError) as error:
        raise CannotUnseal(
            "A secret is damaged or belongs to another row. Enter it anew."
        ) from error
    secret: dict[str, Any] = json.loads(clear)
    return secret


def reseal(
    rows: QuerySet[Any], bound_to: Callable[[Any], tuple[object, ...]], *, column: str = "sealed"
) -> tuple[int, list[tuple[Any, CannotUnseal]]]:
    """Seal what stands in a column of some rows under the first key, where another one sealed it.

    bound_to: what a row's text is bound to. Return how many rows that was, and those that no key
    opens, each with why: they are left. Safe while servers run that know both keys, and safe
    twice: a row that changes meanwhile is left to whoever changed it, who sealed it so.
    """
    resealed, left = 0, []
    current = prefix_of(encryption_keys()[0])
    for row in rows.exclude(**{f"{column}__startswith": current}).iterator():
        before = getattr(row, column)
        try:
            secret = unseal(before, *bound_to(row))
        except CannotUnseal as error:
            left.append((row, error))
            continue
        unchanged = rows.filter(**{"pk": row.pk, column: before})
        resealed += unchanged.update(**{column: seal(secret, *bound_to(row))})
    return resealed, left


def encryption_keys() -> list[bytes]:
    """Return the keys of ENCRYPTION_KEY. Raises ImproperlyConfigured for a malformed one."""
    try:
        keys = [base64.b64decode(text, validate=True) for text in settings.ENCRYPTION_KEYS]
    except ValueError:
        raise ImproperlyConfigured(
            "ENCRYPTION_KEY is not valid base64. Set it to 32 random bytes in base64."
        ) from None
    if any(len(key) != 32 for key in keys):
        raise ImproperlyConfigured("ENCRYPTION_KEY must be 32 bytes in base64 (44 characters).")
    return keys


def prefix_of(key: bytes) -> str:
    """Return what text sealed under a key begins with: tells keys apart, says nothing else."""
    return f"v1.{_key_id(key)}."


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"coachbot key id" + key).hexdigest()[:8]


def _binding(bound_to: tuple[object, ...]) -> bytes:
    return ":".join(["coachbot", *map(str, bound_to)]).encode()
