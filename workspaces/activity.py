"""The log of a workspace: the only writer of LogEntry."""

import logging
import uuid
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone

from coachbot.logs import current_request_id
from coachbot.masking import mask, mask_text
from workspaces.models import LogEntry, LogKind, Outcome

logger = logging.getLogger(__name__)


def record(
    *,
    workspace_id: int,
    kind: LogKind,
    action: str,
    outcome: Outcome,
    status_code: int | None = None,
    duration: float | None = None,
    lead_id: uuid.UUID | None = None,
    error: str = "",
    request=None,
    response=None,
    at: datetime | None = None,
) -> None:
    """Write one row: masked, cut to size, under the id of the request being served.

    duration: seconds. request, response: JSON-like data, unmasked. at: aware, default now.

    A log that cannot be written does not undo what it tells of: it is reported and lost.
    """
    try:
        LogEntry.objects.create(
            workspace_id=workspace_id,
            created_at=at or timezone.now(),
            kind=kind,
            action=action,
            outcome=outcome,
            status_code=status_code,
            duration_ms=None if duration is None else round(duration * 1000),
            request_id=current_request_id.get(),
            lead_id=lead_id,
            error=mask_text(error),
            request=mask(request),
            response=mask(response),
        )
    except DatabaseError:
        logger.exception("Could not write the log row %s of workspace %s", action, workspace_id)
