"""Whether a provider was asked about the account that is stored, and what it said."""

from dataclasses import dataclass
from datetime import datetime

from workspaces.connections import credentials
from workspaces.models import CredentialKind, Workspace


@dataclass(frozen=True)
class Check:
    """The latest one of an account as it is stored.

    stored_at: since when it is as it is, None where there is none. asked_at: when its provider
    was asked about it, None where it was not. trouble: what the provider found wrong.
    """

    stored_at: datetime | None = None
    asked_at: datetime | None = None
    trouble: str = ""

    @property
    def is_passed(self) -> bool:
        return self.asked_at is not None and not self.trouble


def latest_check(workspace: Workspace, kind: CredentialKind) -> Check:
    """Return what is known of a workspace's account at a provider, without asking it now."""
    stored_at = credentials.changed_at(workspace.pk, kind)
    judgement = credentials.judgement_of(workspace.pk, kind)
    if stored_at is None or judgement is None:
        return Check()
    return Check(stored_at, judgement.at, "" if judgement.is_good else judgement.words)
