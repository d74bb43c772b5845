"""Whether a provider was asked about the account that is stored, and what it said."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from workspaces.connections import credentials
from workspaces.models import CredentialKind, LogKind, Outcome, Workspace

# Where an account is asked about before it is stored, the answer's row is this much older.
ASKED_BEFORE = timedelta(seconds=2)


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
    if stored_at is None:
        return Check()
    verified = workspace.log.filter(
        kind=LogKind.OPERATOR_ACTION,
        code=f"{kind.value}.verify",
        created_at__gte=stored_at - ASKED_BEFORE,
    )
    row = verified.order_by("-created_at", "-id").first()
    if row is None:
        return Check(stored_at)
    return Check(stored_at, row.created_at, "" if row.outcome == Outcome.SUCCEEDED else row.error)
