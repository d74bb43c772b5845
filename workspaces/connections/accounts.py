"""Connecting a workspace to a provider, and asking that provider. Each deed writes one log row.

The settings page and `manage.py connect` come here, for whichever provider.
"""

from typing import Any

from coachbot.providers.findings import Finding
from workspaces.connections import credentials
from workspaces.connections.connection import Account, Connection
from workspaces.log import exchanges, record
from workspaces.log.actions import Action
from workspaces.models import User, Workspace


class NotVerified(Exception):
    """The provider does not take an account, or cannot be asked; `findings` say which."""

    def __init__(self, findings: list[Finding]):
        super().__init__(" ".join(finding.sentence for finding in findings))
        self.findings = findings


def stored_account(workspace: Workspace, connection: Connection) -> tuple[Account | None, str]:
    """Return a stored account, or None and the sentence that says what is wrong with it."""
    try:
        account = credentials.load_account(workspace.pk, connection.kind, connection.account_type)
    except credentials.NotConnected:
        return None, ""
    except credentials.CannotUnseal as error:
        return None, f"The stored account cannot be read; enter it again. {error}"
    return account, ""


def connect(
    *, workspace: Workspace, connection: Connection, account: Account, by: User | None
) -> None:
    """Store an account in place of the one before. by: None for who runs the server."""
    credentials.store_account(workspace, connection.kind, account, secret=connection.secret)
    facts = connection.open_facts(account).items()
    details = {name.removesuffix("_id"): value for name, value in facts}
    _log(workspace, by, Action(f"{connection.code}.connect"), **details)


def connect_verified(
    *, workspace: Workspace, connection: Connection, account: Account, by: User | None
) -> list[Finding]:
    """Store an account that its provider takes, and return what the provider says of it.

    Raises NotVerified, and stores nothing then.
    """
    findings = _ask(workspace, connection, account, by)
    if any(finding.is_fine is False for finding in findings):
        raise NotVerified(findings)
    connect(workspace=workspace, connection=connection, account=account, by=by)
    return findings


def verify(*, workspace: Workspace, connection: Connection, by: User | None) -> list[Finding]:
    """Return what a provider says of the stored account. Raises NotConnected and CannotUnseal."""
    account = credentials.load_account(workspace.pk, connection.kind, connection.account_type)
    return _ask(workspace, connection, account, by)


def _ask(
    workspace: Workspace, connection: Connection, account: Account, by: User | None
) -> list[Finding]:
    findings = connection.verify(exchanges.door(workspace.pk), account)
    wrong = " ".join(finding.sentence for finding in findings if finding.is_fine is False)
    _log(workspace, by, Action(f"{connection.code}.verify"), error=wrong)
    return findings


def _log(workspace: Workspace, by: User | None, action: Action, **details: Any) -> None:
    record.action(workspace_id=workspace.pk, actor=by, action=action, **details)
