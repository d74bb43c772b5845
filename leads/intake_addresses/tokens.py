"""The tokens of intake addresses: 128 random bits, kept sealed to be shown, hashed to be found.

The hash needs no key: of so many random bits nobody can try all. One under SECRET_KEY would make
every form of every workspace fail on the day that this is changed.
"""

import hashlib
import re
import secrets
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from coachbot.sealing import reseal, seal, unseal
from leads.models import IntakeAddress

TOKEN = re.compile(r"[0-9a-f]{32}")
# How long the old token of an address works beside its new one.
OVERLAP = timedelta(days=7)
KIND = "intake_address"


def make(address: IntakeAddress) -> None:
    """Give an address a new token, not yet written."""
    token = secrets.token_hex(16)
    address.token_digest = digest(token)
    address.token_sealed = seal({"token": token}, KIND, address.workspace_id, address.pk)


def show(address: IntakeAddress) -> str:
    """Return the token of an address. Raises CannotUnseal."""
    return str(unseal(address.token_sealed, KIND, address.workspace_id, address.pk)["token"])


def find(token: str) -> IntakeAddress | None:
    """Return the address with a token that works, with its workspace; None where there is none."""
    if not TOKEN.fullmatch(token):
        return None
    found = digest(token)
    works = Q(token_digest=found) | Q(old_token_digest=found, old_token_until__gt=Now())
    rows = IntakeAddress.objects.select_related("workspace")
    return rows.filter(works, revoked_at=None).first()


def find_ended(token: str) -> IntakeAddress | None:
    """Return the address whose token a token was, that works no more; None for any other."""
    if not TOKEN.fullmatch(token):
        return None
    found = digest(token)
    return IntakeAddress.objects.filter(Q(token_digest=found) | Q(old_token_digest=found)).first()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def reseal_all() -> tuple[int, list[str]]:
    """Seal every token under the first key of ENCRYPTION_KEY.

    Return how many were not, and a sentence for each that cannot be opened and was left: it goes
    on working, and cannot be shown.
    """
    resealed, left = reseal(
        IntakeAddress.objects.all(),
        lambda row: (KIND, row.workspace_id, row.pk),
        column="token_sealed",
    )
    return resealed, [f"{row}: {error}" for row, error in left]
