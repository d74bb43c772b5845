"""The keys under which credentials are sealed: another one, and whether all are known."""

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q

from coachbot.sealing import encryption_keys, prefix_of, reseal
from workspaces.models import Credential


def reseal_all() -> tuple[int, list[str]]:
    """Seal every credential under the first key.

    Return how many were not, and a sentence for each that cannot be opened and was left.
    Safe while servers run that know both keys, and safe twice: a row that changes
    meanwhile is left to whoever changed it, who sealed it under the first key.
    """
    rows = Credential.objects.select_related("workspace")
    resealed, left = reseal(rows, lambda row: (row.workspace_id, row.kind))
    return resealed, [f"{row}: {error}" for row, error in left]


def check_keys() -> None:
    """Raise ImproperlyConfigured where ENCRYPTION_KEY does not open what is stored."""
    known = Q()
    for key in encryption_keys():
        known |= Q(sealed__startswith=prefix_of(key))
    locked = Credential.objects.exclude(known)
    if first := locked.first():
        sealed_by = first.sealed.split(".")[1]
        raise ImproperlyConfigured(
            f"ENCRYPTION_KEY does not open {locked.count()} stored credentials: "
            f"they were sealed with the key whose id is {sealed_by}. "
            "Add that key to ENCRYPTION_KEY after a comma. Nothing was changed."
        )
