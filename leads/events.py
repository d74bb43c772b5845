"""What is told of leads to the systems of their workspace: one function for each happening.

Each is called in the transaction of what it tells of, and costs one query where nobody wants to
know, none with the workspace at hand. `data` is what GET answers of the lead at that moment.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from leads.models import Booking, Call, Lead, LeadStatus
from leads.snapshot import snapshots
from leads.snapshot.snapshots import Snapshot
from workspaces.models import EventType, Workspace
from workspaces.webhooks import outbox

Extras = Callable[[Snapshot], Mapping[str, Any]]
# What a lead comes to stand at, where that is worth telling by itself.
OF_STATUS = {
    LeadStatus.BOOKED: EventType.LEAD_BOOKED,
    LeadStatus.UNQUALIFIED: EventType.LEAD_UNQUALIFIED,
    LeadStatus.NEEDS_HUMAN: EventType.LEAD_NEEDS_HUMAN,
}


def lead_created(lead: Lead) -> None:
    """A lead was accepted: it is there to stay."""
    _publish(EventType.LEAD_CREATED, lead.pk, lead.workspace)


def call_started(lead: Lead, call: Call) -> None:
    """The provider took a call, or the lead rings."""
    _publish(EventType.CALL_STARTED, lead.pk, lead.workspace, call=call)


def call_ended(lead: Lead, call: Call, *, attempt: int | None) -> None:
    """A call is over, and what follows it is planned. attempt: which of the plan; None for none."""
    _publish(
        EventType.CALL_ENDED,
        lead.pk,
        lead.workspace,
        call=call,
        extras=lambda told: _end_of(call, attempt, told),
    )


def _end_of(call: Call, attempt: int | None, told: Snapshot) -> dict[str, Any]:
    followed = told.data.get("followUp") or {}
    left = followed.get("attemptsPlanned", 0) - followed.get("attemptsMade", 0)
    return {
        "attempt": attempt,
        "willRetry": told.goes_on,
        "nextAttemptAt": followed.get("nextAttemptAt"),
        "attemptsLeft": max(0, left),
        "cost": None if call.cost is None else float(call.cost),
    }


def message_received(lead: Lead, message: Mapping[str, Any]) -> None:
    """A lead wrote. message: JSON-like, as `data.message` shows it."""
    _publish(EventType.MESSAGE_RECEIVED, lead.pk, lead.workspace, extras=_message(message))


def message_sent(lead: Lead, message: Mapping[str, Any]) -> None:
    """A lead was written to. message: JSON-like, as `data.message` shows it."""
    _publish(EventType.MESSAGE_SENT, lead.pk, lead.workspace, extras=_message(message))


def _message(message: Mapping[str, Any]) -> Extras:
    return lambda told: {"message": dict(message)}


def status_changed(lead_id: uuid.UUID, status: LeadStatus) -> None:
    """A lead came to stand somewhere else."""
    if kind := OF_STATUS.get(status):
        _publish(kind, lead_id)


def booking_changed(lead: Lead, booking: Booking, *, was: datetime) -> None:
    """An appointment that was made was moved, cancelled or missed. was: when it was to be."""
    told = {
        "status": booking.status,
        "uid": booking.uid or None,
        "start": outbox.instant(booking.start),
        "previousStart": outbox.instant(was),
    }
    _publish(EventType.BOOKING_CHANGED, lead.pk, extras=lambda _: {"booking": told})


def lead_opted_out(lead: Lead) -> None:
    """A lead came on the do-not-call list."""
    _publish(EventType.LEAD_OPTED_OUT, lead.pk, lead.workspace)


def lead_unreached(lead: Lead) -> None:
    """The plan is over, and nobody was reached."""
    _publish(EventType.LEAD_UNREACHED, lead.pk, lead.workspace)


def lead_deleted(workspace: Workspace, lead: Lead) -> None:
    """A lead is being erased: its row goes in the same transaction, after this."""
    if not outbox.is_wanted(workspace, EventType.LEAD_DELETED):
        return
    if endpoints := outbox.readers(workspace.pk, EventType.LEAD_DELETED):
        sequence = _next_sequence(lead.pk)
        data = {"workspace": workspace.slug, "sequence": sequence, "lead": {"id": str(lead.pk)}}
        _write(EventType.LEAD_DELETED, workspace, lead.pk, data, endpoints)


def is_wanted(workspace: Workspace, *kinds: EventType) -> bool:
    """Return whether one of some types is to be told; without a query."""
    return outbox.is_wanted(workspace, *kinds)


def _publish(
    kind: EventType,
    lead_id: uuid.UUID,
    workspace: Workspace | None = None,
    *,
    call: Call | None = None,
    extras: Extras = lambda told: {},
) -> None:
    """Write what is told of an accepted lead. workspace: where it is at hand."""
    workspace = workspace or Workspace.objects.filter(leads=lead_id).first()
    if workspace is None or not outbox.is_wanted(workspace, kind):
        return
    endpoints = outbox.readers(workspace.pk, kind)
    if not endpoints or not (sequence := _next_sequence(lead_id)):
        return
    told = snapshots.read(workspace, lead_id, call)
    counted = {"workspace": workspace.slug, "sequence": sequence}
    _write(kind, workspace, lead_id, {**counted, **told.data, **extras(told)}, endpoints)


def _next_sequence(lead_id: uuid.UUID) -> int:
    """Count an event of a lead, which is locked by that; 0 where it is not accepted, or gone."""
    outbox.require_transaction()
    lead = Lead.objects.accepted().filter(pk=lead_id)
    if not lead.update(events_told=F("events_told") + 1):
        return 0
    return lead.values_list("events_told", flat=True).get()


def _write(
    kind: EventType,
    workspace: Workspace,
    lead_id: uuid.UUID,
    data: Mapping[str, Any],
    endpoints: list[int],
) -> None:
    sequence = data["sequence"]
    outbox.write(workspace.pk, kind, data, endpoints=endpoints, lead_id=lead_id, sequence=sequence)
