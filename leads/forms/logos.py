"""Logos of forms: kept in the database, and known by what they are."""

import hashlib

from django.db.models import Q

from leads.forms import drafts, versions
from leads.models import FormLogo, LogoType
from leads.models.intake.hosted_form import LARGEST_LOGO
from workspaces.models import Workspace

# By their first bytes: https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"


class BadLogo(ValueError):
    """The file cannot be a logo; `str()` says why."""


def keep(workspace: Workspace, data: bytes) -> str:
    """Keep a picture. Return the digest that it is known by. Raises BadLogo."""
    if len(data) > LARGEST_LOGO:
        raise BadLogo(f"This file has {len(data) // 1000} kB. A logo has at most 200 kB.")
    media_type = _type_of(data)
    if media_type is None:
        raise BadLogo("This file is no picture. A logo is a PNG, JPEG or WebP file.")
    digest = hashlib.sha256(data).hexdigest()
    FormLogo.objects.get_or_create(
        workspace=workspace,
        digest=digest,
        defaults={"data": data, "size": len(data), "media_type": media_type},
    )
    return digest


def find(workspace: Workspace, digest: str) -> FormLogo | None:
    """Return a logo of a workspace, None where there is none of that digest."""
    return FormLogo.objects.filter(workspace=workspace, digest=digest).first()


def forget_unused(workspace: Workspace) -> None:
    """Delete the logos that neither the draft nor the latest version has."""
    newest = versions.latest(workspace)
    used = {drafts.of(workspace).definition.logo, newest.definition.logo if newest else ""}
    FormLogo.objects.filter(~Q(digest__in=used), workspace=workspace).delete()


def _type_of(data: bytes) -> LogoType | None:
    if data.startswith(PNG):
        return LogoType.PNG
    if data.startswith(JPEG):
        return LogoType.JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return LogoType.WEBP
    return None
