"""Where the leads of a workspace come from: what the list may be filtered by."""

from leads.models.source import source
from workspaces.log.glances import glance
from workspaces.models import Workspace

# The sources of so many of the newest leads are offered; others can be asked for by their address.
LOOKED_AT = 500


def recent(workspace: Workspace) -> list[str]:
    """Return the sources of the newest leads, by name. Some seconds old at most."""
    return glance(workspace, "sources", lambda: _recent(workspace))


def _recent(workspace: Workspace) -> list[str]:
    newest = workspace.leads.accepted().newest_first().annotate(from_=source())
    return sorted(set(newest.values_list("from_", flat=True)[:LOOKED_AT]))
