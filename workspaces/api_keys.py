"""API keys: their form, how one is made, found again and revoked.

A key is `ck_live_` and 32 lower-case hex characters, 128 random bits. Kept are the first
8 of those (the prefix) and the SHA-256 of the whole. The key itself exists only as the
return value of issue_key().
"""

import hashlib
import hmac
import re
import secrets
from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from coachbot.db.connections import DatabaseIsReadOnly
from coachbot.db.prepared import PreparedQuery
from workspaces.models import ApiKey, Preset, User, Workspace

KEY_PATTERN = re.compile(r"ck_live_([0-9a-f]{8})[0-9a-f]{24}")
# `last_used_at` is written at most this often, so that a busy key costs no write each time.
LAST_USED_PRECISION = timedelta(seconds=60)
NO_DIGEST = "0" * 64

_by_prefix = PreparedQuery(
    lambda prefix: (
        ApiKey.objects.select_related("workspace")
        .defer("created_at", "workspace__created_at", "workspace__updated_at")
        .filter(prefix=prefix)
    ),
    ApiKey._meta.get_field("prefix"),
)


class NoSuchKey(LookupError):
    """No key answers to that; `str()` says which."""


def issue_key(
    *,
    workspace: Workspace,
    name: str,
    preset: str = Preset.FORM,
    created_by: User | None = None,
) -> tuple[ApiKey, str]:
    """Make a key. Return its row, and the key itself for the only time.

    preset: a value of Preset. Raises ValidationError for one that is none, and for a name that is
    empty or too long.
    """
    while True:
        key = f"ck_live_{secrets.token_hex(16)}"
        row = ApiKey(
            workspace=workspace,
            name=name,
            preset=preset,
            prefix=_prefix(key),
            digest=_digest(key),
            created_by=created_by,
        )
        row.clean_fields(exclude={"workspace", "created_by"})
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            if not ApiKey.objects.filter(prefix=_prefix(key)).exists():
                raise
            continue  # another key has this prefix: draw again
        return row, key


def find_key(key: str) -> ApiKey | None:
    """Return the live key with its workspace (None where that is deleted), or None.

    Unknown, mistyped and revoked keys are told apart by nobody.
    """
    if not KEY_PATTERN.fullmatch(key):
        return None
    row = _by_prefix.first(_prefix(key))
    # As much is done where there is none, so that the time does not tell either.
    is_right = hmac.compare_digest(row.digest if row else NO_DIGEST, _digest(key))
    return row if row and is_right and not row.revoked_at else None


def note_use(row: ApiKey) -> None:
    """Remember that a key worked just now, to the minute."""
    now = timezone.now()
    if row.last_used_at is None or row.last_used_at < now - LAST_USED_PRECISION:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_PRECISION)
        # A database that takes no writes can be read all the same.
        with suppress(DatabaseIsReadOnly):
            ApiKey.objects.filter(stale, pk=row.pk).update(last_used_at=now)


def revoke_key(prefix: str, *, workspace: Workspace | None = None) -> ApiKey:
    """Revoke a key by its prefix; the next request with it gets 401. Twice is once.

    prefix: the whole key will do too. workspace: where given, only a key of it. Raises
    NoSuchKey.
    """
    text = prefix.removeprefix("ck_live_")
    is_whole = KEY_PATTERN.fullmatch(prefix)
    keys = ApiKey.objects.filter(Q(digest=_digest(prefix)) if is_whole else Q(prefix=text))
    if workspace is not None:
        keys = keys.filter(workspace=workspace)
    row = keys.first()
    if row is None:
        raise NoSuchKey(f"There is no API key ck_live_{text[:8]}….")
    keys.filter(revoked_at=None).update(revoked_at=timezone.now())
    row.refresh_from_db()
    return row


@transaction.atomic
def replace_key(row: ApiKey, *, created_by: User, revoke_now: bool) -> tuple[ApiKey, str]:
    """Make a key of the same name and scopes, and revoke the old one or leave that for later.

    Return the new row, and the key itself for the only time.
    """
    if row.workspace is None:
        raise NoSuchKey("The workspace of the key was deleted.")
    new_row, key = issue_key(
        workspace=row.workspace, name=row.name, preset=row.preset, created_by=created_by
    )
    if revoke_now:
        revoke_key(row.prefix, workspace=row.workspace)
    return new_row, key


def _prefix(key: str) -> str:
    found = KEY_PATTERN.fullmatch(key)
    return found[1] if found else ""


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
