"""What people should know at once: a row of the log, and the event `agent.trouble`."""

import uuid

from django.db import transaction

from workspaces.log import record
from workspaces.models import EventType, LogKind, Outcome, Workspace
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
    record.row(
        workspace_id=workspace_id,
        kind=LogKind.ALERT,
        code=code,
        action=action,
        outcome=Outcome.SUCCEEDED if is_over else Outcome.FAILED,
        lead_id=lead_id,
        error=error,
        error_code=error_code,
    )
    endpoints = outbox.readers(workspace_id, EventType.AGENT_TROUBLE)
    slug = Workspace.objects.filter(pk=workspace_id).values_list("slug", flat=True).first()
    if endpoints and slug:
        trouble = {"code": code, "title": action, "message": error or None, "isOver": is_over}
        data = {"workspace": slug, "sequence": None, "trouble": trouble}
        outbox.write(workspace_id, EventType.AGENT_TROUBLE, data, endpoints=endpoints)
