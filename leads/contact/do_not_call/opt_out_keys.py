"""The keys of the do-not-call list's hashes: made on first use, sealed under ENCRYPTION_KEY.

Without its key a list of hashed phones could be read by trying all numbers there are. The numbers
are not kept, so nothing can be hashed anew: a key that is no longer current goes on finding what
was listed under it.
"""

import logging
import os
from dataclasses import dataclass
from functools import lru_cache

from django.db import IntegrityError, transaction

from coachbot import sealing
from leads.models import OptOutKey

logger = logging.getLogger(__name__)

KEY_BYTES = 32
ROW = "opt_out_key"


@dataclass(frozen=True)
class Key:
    """A key in the clear. key_id: of its row."""

    key_id: str
    secret: bytes


def readable() -> list[Key]:
    """Return the keys that ENCRYPTION_KEY opens, the current one first.

    One is made where there is none. One that cannot be opened is reported, and what was listed
    under it is not found any more: docs/operations.md says so of a lost ENCRYPTION_KEY.
    """
    keys = _read()
    if not keys or not keys[0][1]:
        _make()
        keys = _read()
    return [key for key, _ in keys]


def _read() -> list[tuple[Key, bool]]:
    rows = OptOutKey.objects.order_by("-is_current", "-created_at")
    return [(key, row.is_current) for row in rows if (key := _opened(row.key_id, row.sealed))]


@lru_cache(maxsize=64)
def _opened(key_id: str, sealed: str) -> Key | None:
    try:
        return Key(key_id, bytes.fromhex(sealing.unseal(sealed, ROW, key_id)["key"]))
    except sealing.CannotUnseal:
        logger.exception("The key %s of the do-not-call list cannot be opened", key_id)
        return None


def _make() -> None:
    """Make a key the current one. Of several processes that do, one does."""
    key_id, secret = os.urandom(4).hex(), os.urandom(KEY_BYTES)
    row = OptOutKey(
        key_id=key_id,
        sealed=sealing.seal({"key": secret.hex()}, ROW, key_id),
        is_current=True,
    )
    current = OptOutKey.objects.filter(is_current=True)
    lost = [old.pk for old in current if _opened(old.key_id, old.sealed) is None]
    try:
        with transaction.atomic():
            OptOutKey.objects.filter(pk__in=lost).update(is_current=False)
            row.save(force_insert=True)
    except IntegrityError:
        logger.info("Another process has made the key of the do-not-call list")


def reseal_all() -> int:
    """Seal the keys under the first key of ENCRYPTION_KEY. Return how many were not."""
    resealed, left = sealing.reseal(OptOutKey.objects.all(), lambda row: (ROW, row.key_id))
    for row, error in left:
        logger.error("The key %s of the do-not-call list cannot be opened: %s", row.key_id, error)
    return resealed
