"""The secrets that a workspace gives to providers, which prove that they are who calls back."""

import secrets

from workspaces.connections import credentials
from workspaces.models import CredentialKind, Workspace


def tool_secret(workspace: Workspace) -> str:
    """Return the secret that Vapi sends along with events and tool calls; make it if need be.

    Raises CannotUnseal.
    """
    return _own_secret(workspace, CredentialKind.VAPI_TOOLS)


def calcom_secret(workspace: Workspace) -> str:
    """Return the secret with which Cal.com signs its webhooks; make it if need be.

    Raises CannotUnseal.
    """
    return _own_secret(workspace, CredentialKind.CALCOM_EVENTS)


def _own_secret(workspace: Workspace, kind: CredentialKind) -> str:
    try:
        return str(credentials.load(workspace.pk, kind)["secret"])
    except credentials.NotConnected:
        # Of several who ask at once, all are told what the first one wrote.
        return _make_secret(workspace, kind, replace=False)


def renew_tool_secret(workspace: Workspace) -> str:
    """Make a new tool secret in place of the one before, which stops working at once."""
    return _make_secret(workspace, CredentialKind.VAPI_TOOLS, replace=True)


def _make_secret(workspace: Workspace, kind: CredentialKind, *, replace: bool) -> str:
    secret = secrets.token_urlsafe(credentials.SECRET_BYTES)
    credentials.store(workspace, kind, {"secret": secret}, last_four=secret[-4:], replace=replace)
    return str(credentials.load(workspace.pk, kind)["secret"])


def tool_secret_of(slug: str) -> tuple[int | None, str]:
    """Return the id and the tool secret of the workspace with a slug, as secret_of() does."""
    return secret_of(slug, CredentialKind.VAPI_TOOLS)


def secret_of(slug: str, kind: CredentialKind) -> tuple[int | None, str]:
    """Return the id of the workspace with a slug, and the secret of a kind that it gave out.

    If it has none: None and a secret that nobody knows, opened with as much work. Raises
    CannotUnseal.
    """
    workspace_id, secret = credentials.open_first(kind, workspace__slug=slug)
    return workspace_id, str(secret["secret"])
