"""Slugs that are taken: those that workspaces have, and those that they had."""

from django.db import IntegrityError, transaction

from workspaces.models import TakenSlug, Workspace
from workspaces.settings.slugs import BadSlug


class SlugTaken(BadSlug):
    """Another workspace has the slug, or had it."""


def take(workspace: Workspace, slug: str) -> None:
    """Give a slug to a workspace for good. Raises SlugTaken where it is or was another's.

    The primary key decides between two who want the same one.
    """
    if workspace.taken_slugs.filter(slug=slug).exists():
        return
    try:
        with transaction.atomic():
            TakenSlug(slug=slug, workspace=workspace).save(force_insert=True)
    except IntegrityError as error:
        raise SlugTaken(
            "Another workspace has this slug. It may be one that it had before. Choose another."
        ) from error


def workspace_that_had(slug: str) -> Workspace | None:
    """Return the workspace that was called so once and is not any more, None where none was."""
    taken = TakenSlug.objects.select_related("workspace").filter(slug=slug).first()
    return taken.workspace if taken and taken.workspace.slug != slug else None
