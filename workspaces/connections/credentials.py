"""The rows in which provider credentials lie sealed: writing and reading.

Nothing else reads or writes Credential, but for encryption.py, which seals them under another key.
"""

import re
import secrets
from dataclasses import asdict, fields
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from coachbot.db.prepared import PreparedQuery
from coachbot.providers.calcom import client as calcom
from coachbot.providers.openai import client as openai
from coachbot.providers.twilio import asking as twilio
from coachbot.providers.vapi import client as vapi
from coachbot.sealing import CannotUnseal, encryption_keys, prefix_of, seal, unseal
from workspaces.connections import twilio_senders
from workspaces.connections.connection import Account
from workspaces.connections.judgement import NEVER_ASKED, Judgement
from workspaces.models import Credential, CredentialKind, Workspace
from workspaces.models.workspace import NOTHING_KNOWN

# Of the secrets that a workspace gives out (own_secrets.py).
SECRET_BYTES = 32

Stored = TypeVar("Stored", bound=Account)

_of_kind = PreparedQuery(
    lambda workspace, kind: Credential.objects.filter(workspace=workspace, kind=kind),
    Credential._meta.get_field("workspace"),
    Credential._meta.get_field("kind"),
)


class NotConnected(LookupError):
    """The workspace has no account at the provider."""


def store_account(
    workspace: Workspace,
    kind: CredentialKind,
    account: Account,
    *,
    secret: str = "api_key",
    judgement: Judgement = NEVER_ASKED,
) -> None:
    """Store an account at a provider, a dataclass, in place of the one before.

    secret: its field of which the last four characters may be shown. judgement: the provider's.
    Raises TakenElsewhere, and stores nothing, for a sender of Twilio's that another workspace has.
    """
    stored = {_stored_name(name): value for name, value in asdict(account).items()}
    last_four = getattr(account, secret)[-4:]
    with transaction.atomic():
        if isinstance(account, twilio.Account):
            before = _stored_before(workspace, kind)
            stored |= twilio_senders.overlap(before, stored, timezone.now())
            twilio_senders.write(workspace, account)
        store(workspace, kind, stored, last_four=last_four, judgement=judgement)


def _stored_before(workspace: Workspace, kind: CredentialKind) -> dict[str, Any]:
    try:
        return load(workspace.pk, kind)
    except (NotConnected, CannotUnseal):
        return {}


def judgement_of(workspace_id: int, kind: CredentialKind) -> Judgement | None:
    """Return what the provider said of the stored account; None where there is none."""
    rows = Credential.objects.filter(workspace=workspace_id, kind=kind)
    found = rows.values_list("verdict", "verdict_words", "verified_at", "findings").first()
    if found is None:
        return None
    verdict, words, at, findings = found
    return Judgement(verdict, words, at, findings or [] if verdict else [])


def note_judgement(
    workspace_id: int, kind: CredentialKind, judgement: Judgement, *, unchanged_since: datetime
) -> None:
    """Note what the provider said of the account that is stored since then, if it still is."""
    rows = Credential.objects.filter(workspace=workspace_id, kind=kind)
    rows.filter(updated_at=unchanged_since).update(**judgement.fields)


def load_account(workspace_id: int, kind: CredentialKind, account_type: type[Stored]) -> Stored:
    """Return an account as the dataclass it was. Raises NotConnected and CannotUnseal."""
    return _account(account_type, load(workspace_id, kind))


def connect_vapi(workspace: Workspace, account: vapi.Account) -> None:
    """Store a workspace's Vapi account in place of the one before."""
    store_account(workspace, CredentialKind.VAPI, account)


def vapi_account(workspace_id: int) -> vapi.Account:
    """Return a workspace's Vapi account. Raises NotConnected and CannotUnseal."""
    return load_account(workspace_id, CredentialKind.VAPI, vapi.Account)


def remove(workspace_id: int, *kinds: CredentialKind) -> bool:
    """Delete credentials. Return whether there were any."""
    rows = Credential.objects.filter(workspace=workspace_id, kind__in=kinds)
    with transaction.atomic():
        if CredentialKind.TWILIO in kinds:
            twilio_senders.forget(workspace_id)
        return bool(rows.delete()[0])


def stored_kinds(workspace_id: int) -> set[str]:
    """Return what credentials a workspace has, by their kinds."""
    return set(Credential.objects.filter(workspace=workspace_id).values_list("kind", flat=True))


def strays(follows: QuerySet[Any], kind: CredentialKind) -> list[Workspace]:
    """Return the workspaces whose credential of a kind has no row that follows it.

    follows: rows with a `workspace`, and in `account_at` since when the credential is as it is.
    """
    following = follows.filter(workspace=OuterRef("workspace"), account_at=OuterRef("updated_at"))
    rows = Credential.objects.filter(~Exists(following), kind=kind).select_related("workspace")
    return [row.workspace for row in rows]


def is_stored(kind: CredentialKind, workspace: str) -> Exists:
    """Return the condition that a workspace has a credential. workspace: the column with its id."""
    return Exists(Credential.objects.filter(kind=kind, workspace=OuterRef(workspace)))


def changed_at(workspace_id: int, kind: CredentialKind) -> datetime | None:
    """Return since when a credential is as it is; None where there is none."""
    rows = Credential.objects.filter(workspace=workspace_id, kind=kind)
    return rows.values_list("updated_at", flat=True).first()


def connect_calcom(workspace: Workspace, account: calcom.Account) -> None:
    """Store a workspace's Cal.com account in place of the one before."""
    store_account(workspace, CredentialKind.CALCOM, account)


def calcom_account(workspace_id: int) -> calcom.Account:
    """Return a workspace's Cal.com account. Raises NotConnected and CannotUnseal."""
    return load_account(workspace_id, CredentialKind.CALCOM, calcom.Account)


def twilio_account(workspace_id: int) -> twilio.Account:
    """Return a workspace's Twilio account. Raises NotConnected and CannotUnseal."""
    return load_account(workspace_id, CredentialKind.TWILIO, twilio.Account)


def openai_account(workspace_id: int) -> openai.Account:
    """Return a workspace's account of a language model. Raises NotConnected and CannotUnseal."""
    return load_account(workspace_id, CredentialKind.OPENAI, openai.Account)


def _account(account_type: type[Stored], stored: dict[str, Any]) -> Stored:
    return account_type(
        **{one.name: stored[_stored_name(one.name)] for one in fields(account_type)}
    )


def _stored_name(name: str) -> str:
    """Return the name under which a field is stored: `api_key` is apiKey, `from_` is from."""
    return re.sub("_([a-z])", lambda found: found[1].upper(), name).rstrip("_")


def changed_since(moment: datetime, *kinds: CredentialKind) -> QuerySet[Any]:
    """Return the ids of the workspaces whose account at one of some providers is newer."""
    newer = Credential.objects.filter(kind__in=kinds, updated_at__gte=moment)
    return newer.values_list("workspace_id", flat=True)


def open_first(kind: CredentialKind, **where: object) -> tuple[int | None, dict[str, Any]]:
    """Return the workspace's id and the content of a credential, by what its row fulfils.

    If there is none: None and a `secret` that nobody knows, opened with as much work. Raises
    CannotUnseal.
    """
    found = Credential.objects.filter(kind=kind, **where).order_by("workspace_id")
    workspace_id, sealed = found.values_list("workspace_id", "sealed").first() or (
        None,
        _secret_of_nobody(prefix_of(encryption_keys()[0]), kind),
    )
    return workspace_id, unseal(sealed, workspace_id, kind)


@lru_cache(maxsize=len(CredentialKind))
def _secret_of_nobody(sealed_by: str, kind: CredentialKind) -> str:
    """Return a sealed secret of no workspace; another one once the first key is another."""
    return seal({"secret": secrets.token_urlsafe(SECRET_BYTES)}, None, kind)


def store(
    workspace: Workspace,
    kind: CredentialKind,
    secret: dict[str, Any],
    *,
    last_four: str,
    replace: bool = True,
    judgement: Judgement = NEVER_ASKED,
) -> None:
    """Seal a credential into its row. last_four: what the dashboard may show of it.

    replace: whether one that is there already gives way.
    """
    write = Credential.objects.update_or_create if replace else Credential.objects.get_or_create
    write(
        workspace=workspace,
        kind=kind,
        defaults={
            "sealed": seal(secret, workspace.pk, kind),
            "last_four": last_four,
            **judgement.fields,
        },
    )
    if kind in (CredentialKind.VAPI, CredentialKind.TWILIO):
        _forget_what_is_known(workspace)


def _forget_what_is_known(workspace: Workspace) -> None:
    """Another account has other lines, and faults of its own."""
    Workspace.objects.filter(pk=workspace.pk).update(**NOTHING_KNOWN)
    for name, value in NOTHING_KNOWN.items():
        setattr(workspace, name, value)


def load(workspace_id: int, kind: CredentialKind) -> dict[str, Any]:
    """Return a credential's content. Raises NotConnected and CannotUnseal."""
    row = _of_kind.first(workspace_id, kind)
    return _open(workspace_id, kind, row.sealed if row else None)


def _open(workspace_id: int, kind: CredentialKind, sealed: str | None) -> dict[str, Any]:
    if sealed is None:
        raise NotConnected(
            f"{kind.label} is not connected to this workspace. Enter the account in its settings."
        )
    return unseal(sealed, workspace_id, kind)
