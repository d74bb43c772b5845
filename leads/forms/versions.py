"""Publishing a form: each time it differs, another version, which never changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from leads.forms import definition as definitions
from leads.forms import drafts, texts
from leads.forms.definition import Definition
from leads.models import FormVersion
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import User, Workspace


class NotComplete(Exception):
    """The draft lacks what a form must have; `faults` are sentences that say what."""

    def __init__(self, faults: Sequence[str]):
        super().__init__(" ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Version:
    """A form as it was published."""

    number: int
    definition: Definition
    published_at: datetime


def publish(workspace: Workspace, *, by: User) -> int:
    """Let strangers see the draft. Return the number of the version. Raises NotComplete."""
    draft = drafts.of(workspace).definition
    if draft.faults:
        raise NotComplete(draft.faults)
    version = _add(workspace, draft)
    _set_published(workspace, True)
    _log(workspace, by, Action.PUBLISH_FORM, version=version.number)
    return version.number


def unpublish(workspace: Workspace, *, by: User) -> None:
    """Take the form offline: whoever opens it reads that it is closed."""
    _set_published(workspace, False)
    _log(workspace, by, Action.UNPUBLISH_FORM)


def shown(workspace: Workspace) -> Version | None:
    """Return the version that strangers see, None where the form was never published.

    A workspace whose `form_published` was set by its name has published its draft by that.
    """
    newest = latest(workspace)
    if newest is None and workspace.form_published:
        draft = drafts.of(workspace).definition
        return _add(workspace, draft if not draft.faults else Definition())
    return newest


def latest(workspace: Workspace) -> Version | None:
    """Return the version that was published last, None where none was."""
    row = _rows(workspace).order_by("-number").first()
    return _version(row) if row else None


def find(workspace: Workspace, number: int) -> Version | None:
    """Return a version, None where there is none of that number."""
    row = _rows(workspace).filter(number=number).first()
    return _version(row) if row else None


def with_texts(workspace: Workspace, definition: Definition) -> Definition:
    """Return a definition in which the texts that the owner left empty are those of its language.

    So whatever a stranger agreed to is written down as it was read.
    """
    own = texts.of(definition.language)
    consent = own["consent_call"] if workspace.is_voice else own["consent_write"]
    return replace(
        definition,
        title=definition.title or own["title"],
        button=definition.button or own["send"],
        consent=definition.consent or consent.format(business=workspace.name),
    )


def _add(workspace: Workspace, definition: Definition) -> Version:
    """Return the latest version, which a definition is made where it is another one."""
    content = definitions.to_json(with_texts(workspace, definition))
    while True:
        row = _rows(workspace).order_by("-number").first()
        if row and row.content == content:
            return _version(row)
        number = row.number + 1 if row else 1
        try:
            with transaction.atomic():
                made = FormVersion.objects.create(
                    workspace=workspace, number=number, content=content
                )
            return _version(made)
        except IntegrityError:
            continue  # somebody published at the same moment


def _version(row: FormVersion) -> Version:
    return Version(row.number, definitions.from_json(row.content), row.created_at)


def _rows(workspace: Workspace) -> QuerySet[FormVersion]:
    return FormVersion.objects.filter(workspace=workspace)


def _set_published(workspace: Workspace, is_published: bool) -> None:
    workspace.form_published = is_published
    workspace.save(update_fields=["form_published", "updated_at"])


def _log(workspace: Workspace, by: User, action: Action, **details: Any) -> None:
    record.action(workspace_id=workspace.pk, actor=by, action=action, **details)
