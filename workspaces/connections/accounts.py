"""Connecting a workspace to a provider, and asking that provider. Each deed writes one log row.

The settings page and `manage.py connect` come here, for whichever provider.
"""

from typing import Any

from django.utils import timezone

from coachbot.observability.masking import mask_text
from coachbot.providers.findings import Finding
from workspaces.connections import credentials
from workspaces.connections.connection import Account, Connection
from workspaces.connections.judgement import NEVER_ASKED, Judgement
from workspaces.log import exchanges, record
from workspaces.log.actions import Action
from workspaces.models import User, Verdict, Workspace


class NotVerified(Exception):
    """The provider does not take an account, or does not say (then not `is_refused`)."""

    def __init__(self, findings: list[Finding], judgement: Judgement):
        super().__init__(judgement.words)
        self.findings = findings
        self.is_refused = judgement.verdict == Verdict.REFUSED


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
) -> list[Finding]:
    """Store an account in place of the one before, unverified, and return how what goes with it
    stands. by: None for who runs the server.
    """
    _store(workspace, connection, account, by, NEVER_ASKED)
    return connection.bring_about(workspace)


def connect_verified(
    *,
    workspace: Workspace,
    connection: Connection,
    account: Account,
    by: User | None,
    is_insisting: bool = False,
) -> list[Finding]:
    """Ask the provider of an account and store it, and return what the provider says.

    Raises NotVerified, and stores nothing then, where the provider does not take it or does not
    say. is_insisting: store it all the same.
    """
    findings = _ask(workspace, connection, account, by)
    judgement = _judged(findings)
    if not (judgement.is_good or is_insisting):
        raise NotVerified(findings, judgement)
    _store(workspace, connection, account, by, judgement)
    return [*findings, *connection.bring_about(workspace)]


def disconnect(*, workspace: Workspace, connection: Connection, by: User | None) -> None:
    """Forget the account at a provider, and end there what went with it.

    Raises NotConnected.
    """
    if not credentials.remove(workspace.pk, connection.kind):
        raise credentials.NotConnected(f"{connection.label} is not connected to this workspace.")
    credentials.remove(workspace.pk, *connection.own_secrets)
    _log(workspace, by, Action(f"{connection.code}.disconnect"))
    connection.bring_about(workspace)


def verify(*, workspace: Workspace, connection: Connection, by: User | None) -> list[Finding]:
    """Return what a provider says of the stored account. Raises NotConnected and CannotUnseal."""
    since = credentials.changed_at(workspace.pk, connection.kind)
    account = credentials.load_account(workspace.pk, connection.kind, connection.account_type)
    findings = _ask(workspace, connection, account, by)
    if since:
        credentials.note_judgement(
            workspace.pk, connection.kind, _judged(findings), unchanged_since=since
        )
    return [*findings, *connection.bring_about(workspace)]


def _store(
    workspace: Workspace,
    connection: Connection,
    account: Account,
    by: User | None,
    judgement: Judgement,
) -> None:
    credentials.store_account(
        workspace, connection.kind, account, secret=connection.secret, judgement=judgement
    )
    facts = connection.open_facts(account).items()
    details = {name.removesuffix("_id"): value for name, value in facts}
    if judgement.verdict and not judgement.is_good:
        details["saved_although"] = judgement.words
    _log(workspace, by, Action(f"{connection.code}.connect"), **details)


def _judged(findings: list[Finding]) -> Judgement:
    wrong = [finding for finding in findings if finding.is_fine is False]
    if not wrong:
        verdict = Verdict.WORKS
    elif any(finding.is_answer for finding in wrong):
        verdict = Verdict.REFUSED
    else:
        verdict = Verdict.UNANSWERED
    words = " ".join(finding.sentence for finding in wrong or findings)
    kept = [_kept(finding) for finding in findings if finding.part]
    return Judgement(verdict, mask_text(words), timezone.now(), kept)


def _kept(finding: Finding) -> dict[str, Any]:
    """Return what is kept of a finding: of which part, how it is, and the words."""
    words = mask_text(finding.sentence)
    return {"part": str(finding.part), "is_fine": finding.is_fine, "sentence": words}


def _ask(
    workspace: Workspace, connection: Connection, account: Account, by: User | None
) -> list[Finding]:
    told: dict[str, Any] = {}
    if connection.events_url:
        told["events_url"] = connection.events_url(workspace)
    if connection.tool_urls:
        told["tool_urls"] = connection.tool_urls(workspace)
    findings = connection.verify(exchanges.door(workspace.pk), account, **told)
    wrong = " ".join(finding.sentence for finding in findings if finding.is_fine is False)
    _log(workspace, by, Action(f"{connection.code}.verify"), error=wrong)
    return findings


def _log(workspace: Workspace, by: User | None, action: Action, **details: Any) -> None:
    record.action(workspace_id=workspace.pk, actor=by, action=action, **details)
