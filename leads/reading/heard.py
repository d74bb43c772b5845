"""When Vapi last reported to a workspace."""

from datetime import datetime

from leads.calls import inbound
from workspaces.models import LogKind, Workspace


def last_report_at(workspace: Workspace) -> datetime | None:
    """Return when the last event of a call came, with the right secret; None where none did.

    A question who answers does not count: it comes from the number, and says nothing of whether
    the assistant reports.
    """
    events = workspace.log.filter(kind=LogKind.PROVIDER_EVENT, code__startswith="vapi.")
    newest = events.exclude(code=inbound.CODE).order_by("-created_at", "-id")
    return newest.values_list("created_at", flat=True).first()
