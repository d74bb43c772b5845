"""The draft of a workspace's form: what members work at, and nobody else sees."""

from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import Now

from leads.forms import definition as definitions
from leads.forms.definition import Definition
from leads.models import HostedForm
from workspaces.models import Workspace


class ChangedMeanwhile(Exception):
    """Somebody else has changed the draft since it was read."""


@dataclass(frozen=True)
class Draft:
    """A draft, and the revision that a change of it starts from."""

    definition: Definition
    revision: int


def of(workspace: Workspace) -> Draft:
    """Return the draft of a workspace; of one that has none yet, an empty form."""
    row = HostedForm.objects.filter(workspace=workspace).first()
    if row is None:
        return Draft(Definition(), 0)
    return Draft(definitions.from_json(row.draft), row.revision)


def change(workspace: Workspace, definition: Definition, *, seen: int) -> None:
    """Keep a draft. seen: the revision that it starts from. Raises ChangedMeanwhile."""
    HostedForm.objects.get_or_create(workspace=workspace)
    unchanged = HostedForm.objects.filter(workspace=workspace, revision=seen)
    kept = unchanged.update(
        draft=definitions.to_json(definition), revision=F("revision") + 1, updated_at=Now()
    )
    if not kept:
        raise ChangedMeanwhile
