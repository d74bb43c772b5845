"""What was asked of a provider, in the log: the door through which a workspace's requests go."""

import uuid
from functools import partial

from coachbot.providers.exchange import Exchange, outcome_of
from coachbot.providers.transport import Door
from workspaces.log import record
from workspaces.models import LogKind, Outcome


def door(workspace_id: int, *, lead_id: uuid.UUID | None = None, phone: str = "") -> Door:
    """Return the door for requests on a workspace's behalf; each writes one log row.

    lead_id: whom they are about. phone: theirs, normalised; it finds the rows of failed requests
    whose lead is withdrawn.
    """
    return Door(partial(_write, workspace_id, lead_id, phone), tenant=workspace_id)


def _write(workspace_id: int, lead_id, phone: str, exchange: Exchange) -> None:
    request, error = exchange.request, exchange.error
    record.row(
        workspace_id=workspace_id,
        kind=LogKind.PROVIDER_REQUEST,
        code=request.operation,
        action=request.action,
        outcome=Outcome(outcome_of(error)),
        status_code=exchange.status,
        duration=exchange.seconds,
        lead_id=lead_id,
        phone=phone if error else "",
        error=str(error or ""),
        error_code=error.code if error else "",
        request=request.body,
        response=exchange.response,
    )
