"""Telling who runs a workspace that messages fail for what only a person can mend."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from workspaces.models import Workspace
from workspaces.webhooks import alerts

CODE = "message.failed"
ACTION = "Messages fail"
# The same fault is told once in so long.
QUIET = timedelta(hours=1)


def tell(workspace: Workspace, code: str, words: str) -> None:
    """Write an alert down, once this transaction is over, unless it was told just before.

    code: of the table of providers.twilio. words: what is wrong, and what to do about it.
    """
    transaction.on_commit(partial(_tell, workspace, code, words))


def _tell(workspace: Workspace, code: str, words: str) -> None:
    since = timezone.now() - QUIET
    alerts.tell_once(workspace, since=since, code=CODE, action=ACTION, error=words, error_code=code)
