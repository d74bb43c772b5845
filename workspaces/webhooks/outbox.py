"""The outbox: what happens is written down for the endpoints that want to be told of it.

Whoever publishes does so in the transaction of what it tells of, so that both happen or neither.
Nothing here waits for a receiver: the worker sends what is written, in webhooks.delivery.
"""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from coachbot.db import clock
from coachbot.observability.logs import current_request_id
from coachbot.work import engine
from workspaces.models import (
    EventType,
    Off,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    Workspace,
)
from workspaces.webhooks import delivery

ALL = "*"
# What log lines have in the place of an id.
NO_REQUEST = "-"


def is_wanted(workspace: Workspace, *kinds: EventType) -> bool:
    """Return whether any endpoint wants one of some types, by the row as it is held in memory.

    That costs no query; readers() says who it is.
    """
    told = workspace.told_types
    return told == ALL or bool(told) and not set(kinds).isdisjoint(told.split(","))


def listening(workspace_id: int) -> list[WebhookEndpoint]:
    """Return the endpoints for which is kept what happens: also those that are off as they fail,
    which get it once they are switched on again.
    """
    rows = WebhookEndpoint.objects.filter(workspace_id=workspace_id)
    return list(rows.filter(Q(off_because="") | Q(off_because=Off.FAILING)).order_by("pk"))


def readers(workspace_id: int, kind: EventType) -> list[int]:
    """Return the ids of the endpoints that want to be told of a type."""
    return [endpoint.pk for endpoint in listening(workspace_id) if endpoint.wants(kind)]


def types_of(endpoints: Iterable[WebhookEndpoint]) -> str:
    """Return what some endpoints are told of, as Workspace.told_types holds it."""
    lists = [endpoint.type_list for endpoint in endpoints]
    if not all(lists):
        return ALL
    return ",".join(sorted({kind for types in lists for kind in types}))


def write(
    workspace_id: int,
    kind: EventType,
    data: Mapping[str, Any],
    *,
    endpoints: Sequence[int],
    lead_id: uuid.UUID | None = None,
    sequence: int | None = None,
) -> WebhookEvent:
    """Write an event for some endpoints. data: JSON-like. sequence: which one of the lead's it is.

    Raises RuntimeError outside of a transaction.
    """
    require_transaction()
    now = clock.now()
    told = {"type": kind.value, "timestamp": instant(now), "data": data}
    event = WebhookEvent.objects.create(
        workspace_id=workspace_id,
        type=kind,
        lead_id=lead_id,
        sequence=sequence,
        body=json.dumps(told, ensure_ascii=False, separators=(",", ":")),
        request_id=_request_id(),
        created_at=now,
    )
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            workspace_id=workspace_id,
            endpoint_id=endpoint_id,
            event=event,
            created_at=now,
            lead_id=lead_id,
            sequence=sequence,
            due_at=now,
        )
        for endpoint_id in endpoints
    )
    transaction.on_commit(partial(wake, endpoints))
    return event


def _request_id() -> str:
    """Return the id of the request that is being answered, "" where there is none."""
    known = current_request_id.get()
    return "" if known == NO_REQUEST else known


def require_transaction() -> None:
    """Raise RuntimeError outside of a transaction: an event must not stand without the rest."""
    if not connection.in_atomic_block:
        raise RuntimeError("An event is published in the transaction of what it tells of.")


def wake(endpoints: Iterable[int]) -> None:
    """Have what is due at some endpoints sent now."""
    for endpoint_id in endpoints:
        engine.wake(delivery.deliver, endpoint_id)


def instant(moment: datetime) -> str:
    """Return a moment as the contract writes it: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
