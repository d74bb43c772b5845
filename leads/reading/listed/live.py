"""Whether the list has changed since somebody looked at it."""

from django.utils import timezone

from workspaces.models import Membership


def version_of(membership: Membership) -> str:
    """Return a word that changes with what the list may show to a member.

    Whatever happens in a workspace is logged, after the fact: so read the version before the rows.
    """
    workspace = membership.workspace
    rows = workspace.log.order_by("-created_at", "-id").values_list("id", flat=True)
    settings = int(workspace.updated_at.timestamp() * 1000)
    return f"{rows.first() or 0}-{settings}-{timezone.localdate()}-{membership.role}"
