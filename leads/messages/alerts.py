"""Telling who runs a workspace that messages fail for what only a person can mend."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from leads.messages.results.faults import Failure
from workspaces.log import queries, record
from workspaces.models import LogKind, Outcome, Workspace

CODE = "message.failed"
ACTION = "Messages fail"
# The same fault is told once in so long.
QUIET = timedelta(hours=1)


def tell(workspace: Workspace, failure: Failure) -> None:
    """Write an alert down, once this transaction is over, unless it was told just before."""
    transaction.on_commit(partial(_tell, workspace, failure))


def _tell(workspace: Workspace, failure: Failure) -> None:
    since = timezone.now() - QUIET
    if queries.was_told(workspace, CODE, failure.name, since=since):
        return
    record.row(
        workspace_id=workspace.pk,
        kind=LogKind.ALERT,
        code=CODE,
        action=ACTION,
        outcome=Outcome.FAILED,
        error=failure.words,
        error_code=failure.name,
    )
