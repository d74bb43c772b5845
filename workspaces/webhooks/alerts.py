"""What people should know at once: a row of the log, and the event `agent.trouble`."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from workspaces.log import queries, record
from workspaces.models import EventType, Workspace
from workspaces.webhooks import outbox


@transaction.atomic
def tell(
    workspace_id: int,
    *,
    code: str,
    action: str,
    is_over: bool = False,
    lead_id: uuid.UUID | None = None,
    error: str = "",
    error_code: str = "",
) -> None:
    """Write an alert down and publish it. code, action: as in a log row. error: what is wrong.

    is_over: whether it tells that something is right again. lead_id: whom alone it is about.
    """
    record.alert(
        workspace_id,
        code=code,
        action=action,
        is_over=is_over,
        lead_id=lead_id,
        error=error,
        error_code=error_code,
    )
    if not (endpoints := outbox.readers(workspace_id, EventType.AGENT_TROUBLE)):
        return
    if slug := Workspace.objects.filter(pk=workspace_id).values_list("slug", flat=True).first():
        trouble = {"code": code, "title": action, "message": error or None, "isOver": is_over}
        data = {"workspace": slug, "sequence": None, "trouble": trouble}
        outbox.write(workspace_id, EventType.AGENT_TROUBLE, data, endpoints=endpoints)


def tell_once(
    workspace: Workspace, *, since: datetime, code: str, error_code: str = "", **said: Any
) -> None:
    """Do the same, unless it was told for the same reason since a moment. said: as for tell()."""
    if not queries.was_told(workspace, code, error_code, since=since):
        tell(workspace.pk, code=code, error_code=error_code, **said)
