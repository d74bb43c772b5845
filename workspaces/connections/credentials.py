"""Provider credentials, sealed at rest. Nothing else imports the cipher.

Sealed text is `v1.<key id>.<base64 of nonce and ciphertext>`: AES-256-GCM with a random
nonce, bound to its workspace and kind, so that a row copied elsewhere does not open.
"""

import base64
import hashlib
import json
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q, QuerySet

from coachbot.db.prepared import PreparedQuery
from coachbot.providers.calcom import client as calcom
from coachbot.providers.vapi import client as vapi
from workspaces.models import Credential, CredentialKind, Workspace

NONCE_BYTES = 12
TOOL_SECRET_BYTES = 32

_of_kind = PreparedQuery(
    lambda workspace, kind: Credential.objects.filter(workspace=workspace, kind=kind),
    Credential._meta.get_field("workspace"),
    Credential._meta.get_field("kind"),
)


class NotConnected(LookupError):
    """The workspace has no account at the provider."""


class CannotUnseal(RuntimeError):
    """Sealed text was not made by one of the keys in ENCRYPTION_KEY, or not for this row."""


def connect_vapi(workspace: Workspace, account: vapi.Account) -> None:
    """Store a workspace's Vapi account in place of the one before."""
    secret = {
        "apiKey": account.api_key,
        "assistantId": account.assistant_id,
        "phoneNumberId": account.phone_number_id,
    }
    store(workspace, CredentialKind.VAPI, secret, last_four=account.api_key[-4:])


def vapi_account(workspace_id: int) -> vapi.Account:
    """Return a workspace's Vapi account. Raises NotConnected and CannotUnseal."""
    return _vapi_account(load(workspace_id, CredentialKind.VAPI))


def sealed_vapi(workspace) -> QuerySet[Credential]:
    """Return the rows, one at most, in which a workspace's Vapi account lies `sealed`."""
    return Credential.objects.filter(workspace=workspace, kind=CredentialKind.VAPI)


def open_vapi(workspace_id: int, sealed: str | None) -> vapi.Account:
    """Return the account that sealed_vapi() found, None where it found no row.

    Raises NotConnected and CannotUnseal.
    """
    return _vapi_account(_open(workspace_id, CredentialKind.VAPI, sealed))


def _vapi_account(secret: dict) -> vapi.Account:
    return vapi.Account(secret["apiKey"], secret["assistantId"], secret["phoneNumberId"])


def connect_calcom(workspace: Workspace, account: calcom.Account) -> None:
    """Store a workspace's Cal.com account in place of the one before."""
    secret = {
        "apiKey": account.api_key,
        "eventTypeId": account.event_type_id,
        "timeZone": account.time_zone,
    }
    store(workspace, CredentialKind.CALCOM, secret, last_four=account.api_key[-4:])


def calcom_account(workspace_id: int) -> calcom.Account:
    """Return a workspace's Cal.com account. Raises NotConnected and CannotUnseal."""
    secret = load(workspace_id, CredentialKind.CALCOM)
    return calcom.Account(secret["apiKey"], secret["eventTypeId"], secret["timeZone"])


def tool_secret(workspace: Workspace) -> str:
    """Return the secret that Vapi sends along with events and tool calls; make it if need be.

    Raises CannotUnseal.
    """
    try:
        return load(workspace.pk, CredentialKind.VAPI_TOOLS)["secret"]
    except NotConnected:
        # Of several who ask at once, all are told what the first one wrote.
        return _make_tool_secret(workspace, replace=False)


def renew_tool_secret(workspace: Workspace) -> str:
    """Make a new tool secret in place of the one before, which stops working at once."""
    return _make_tool_secret(workspace, replace=True)


def _make_tool_secret(workspace: Workspace, *, replace: bool) -> str:
    kind, secret = CredentialKind.VAPI_TOOLS, secrets.token_urlsafe(TOOL_SECRET_BYTES)
    store(workspace, kind, {"secret": secret}, last_four=secret[-4:], replace=replace)
    return load(workspace.pk, kind)["secret"]


def tool_secret_of(slug: str) -> tuple[int, str] | None:
    """Return the id and the tool secret of the workspace with a slug; None if it has none.

    Raises CannotUnseal.
    """
    found = Credential.objects.filter(workspace__slug=slug, kind=CredentialKind.VAPI_TOOLS)
    row = found.only("sealed", "workspace_id").first()
    if row is None:
        return None
    return row.workspace_id, unseal(row.sealed, row.workspace_id, row.kind)["secret"]


def store(
    workspace: Workspace,
    kind: CredentialKind,
    secret: dict,
    *,
    last_four: str,
    replace: bool = True,
) -> None:
    """Seal a credential into its row. last_four: what the dashboard may show of it.

    replace: whether one that is there already gives way.
    """
    write = Credential.objects.update_or_create if replace else Credential.objects.get_or_create
    write(
        workspace=workspace,
        kind=kind,
        defaults={"sealed": seal(secret, workspace.pk, kind), "last_four": last_four},
    )


def load(workspace_id: int, kind: CredentialKind) -> dict:
    """Return a credential's content. Raises NotConnected and CannotUnseal."""
    row = _of_kind.first(workspace_id, kind)
    return _open(workspace_id, kind, row.sealed if row else None)


def _open(workspace_id: int, kind: CredentialKind, sealed: str | None) -> dict:
    if sealed is None:
        raise NotConnected(
            f"{kind.label} is not connected to this workspace. Enter the account in its settings."
        )
    return unseal(sealed, workspace_id, kind)


def seal(secret: dict, workspace_id: int, kind: str) -> str:
    """Return a dict as sealed text for one workspace and kind, under the first key."""
    key = encryption_keys()[0]
    nonce = os.urandom(NONCE_BYTES)
    clear = json.dumps(secret).encode()
    sealed = nonce + AESGCM(key).encrypt(nonce, clear, _binding(workspace_id, kind))
    return f"v1.{key_id(key)}.{base64.b64encode(sealed).decode()}"


def unseal(sealed: str, workspace_id: int, kind: str) -> dict:
    """Return what seal() was given. Raises CannotUnseal."""
    version, sealed_by, text = (sealed.split(".", 2) + ["", ""])[:3]
    key = {key_id(key): key for key in encryption_keys()}.get(sealed_by)
    if version != "v1" or key is None:
        raise CannotUnseal(
            f"A credential was sealed with the key {sealed_by}, which ENCRYPTION_KEY does not hold."
        )
    try:
        data = base64.b64decode(text)
        clear = AESGCM(key).decrypt(
            data[:NONCE_BYTES], data[NONCE_BYTES:], _binding(workspace_id, kind)
        )
    except (InvalidTag, ValueError) as error:
        raise CannotUnseal(
            "A credential is damaged or does not belong to this workspace. Enter it anew."
        ) from error
    return json.loads(clear)


def reseal_all() -> tuple[int, list[str]]:
    """Seal every credential under the first key.

    Return how many were not, and a sentence for each that cannot be opened and was left.
    Safe while servers run that know both keys, and safe twice: a row that changes
    meanwhile is left to whoever changed it, who sealed it under the first key.
    """
    resealed, unreadable = 0, []
    current = f"v1.{key_id(encryption_keys()[0])}."
    rows = Credential.objects.exclude(sealed__startswith=current).select_related("workspace")
    for row in rows.iterator():
        try:
            secret = unseal(row.sealed, row.workspace_id, row.kind)
        except CannotUnseal as error:
            unreadable.append(f"{row}: {error}")
            continue
        unchanged = Credential.objects.filter(pk=row.pk, sealed=row.sealed)
        resealed += unchanged.update(sealed=seal(secret, row.workspace_id, row.kind))
    return resealed, unreadable


def check_keys() -> None:
    """Raise ImproperlyConfigured where ENCRYPTION_KEY does not open what is stored."""
    known = Q()
    for key in encryption_keys():
        known |= Q(sealed__startswith=f"v1.{key_id(key)}.")
    locked = Credential.objects.exclude(known)
    if count := locked.count():
        sealed_by = locked.first().sealed.split(".")[1]
        raise ImproperlyConfigured(
            f"ENCRYPTION_KEY does not open {count} stored credentials: they were sealed with the "
            f"key whose id is {sealed_by}. Add that key to ENCRYPTION_KEY after a comma. "
            "Nothing was changed."
        )


def encryption_keys() -> list[bytes]:
    """Return the keys of ENCRYPTION_KEY. Raises ImproperlyConfigured for a malformed one."""
    try:
        keys = [base64.b64decode(text, validate=True) for text in settings.ENCRYPTION_KEYS]
    except ValueError:
        raise ImproperlyConfigured(
            "ENCRYPTION_KEY is not valid base64. Set it to 32 random bytes in base64."
        ) from None
    if any(len(key) != 32 for key in keys):
        raise ImproperlyConfigured("ENCRYPTION_KEY must be 32 bytes in base64 (44 characters).")
    return keys


def key_id(key: bytes) -> str:
    """Return what tells keys apart in sealed text and says nothing else about them."""
    return hashlib.sha256(b"coachbot key id" + key).hexdigest()[:8]


def _binding(workspace_id: int, kind: str) -> bytes:
    return f"coachbot:{workspace_id}:{kind}".encode()
