"""What operators do to leads in the dashboard. Each deed writes one log row."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from coachbot.deadline import Deadline
from leads import erasure
from leads.calls import attempts, place, progress
from leads.models import Call, CallStatus, Lead, LeadStatus
from workspaces.log import record
from workspaces.models import User, Workspace


class CannotCall(Exception):
    """The lead must not be called now; `str()` says why."""


@dataclass(frozen=True)
class Deleted:
    """How many leads are gone, and the names of those that are being dialled right now."""

    count: int
    busy: tuple[str, ...]


def delete_leads(*, workspace: Workspace, lead_ids: Sequence[uuid.UUID], by: User) -> Deleted:
    """Erase leads with their calls and what the log held of them; their phones are free again.

    A lead that is being dialled stays: its outcome could not be written anywhere.
    """
    gone, busy = erasure.erase_leads(workspace, lead_ids)
    for lead_id in gone:
        record.action(workspace_id=workspace.pk, actor=by, action="Delete lead", lead_id=lead_id)
    return Deleted(len(gone), busy)


def take_over(*, lead: Lead, by: User) -> None:
    """Mark a lead as one that a person looks after."""
    _set_status(lead, LeadStatus.NEEDS_HUMAN, by, "Take over lead")


def hand_back(*, lead: Lead, by: User) -> None:
    """Give a lead back to the agent, in the status that its history gives it."""
    _set_status(lead, _earned_status(lead), by, "Hand lead back")


def _earned_status(lead: Lead) -> LeadStatus:
    if lead.booking_uid:
        return LeadStatus.BOOKED
    was_reached = any(map(progress.was_reached, lead.calls.all()))
    return LeadStatus.IN_CONVERSATION if was_reached else LeadStatus.NEW


def _set_status(lead: Lead, status: LeadStatus, by: User, action: str) -> None:
    before = lead.status
    Lead.objects.filter(pk=lead.pk).update(status=status, updated_at=timezone.now())
    record.action(
        workspace_id=lead.workspace_id,
        actor=by,
        action=action,
        lead_id=lead.pk,
        status_before=before,
        status_after=status,
    )


def why_not_call(lead: Lead) -> str:
    """Return the sentence that says why a lead must not be called now; "" if it may be."""
    if not lead.workspace.is_voice:
        return "This workspace does not call its leads."
    if lead.workspace.is_paused:
        return "The agent is paused. Resume it in the settings first."
    if lead.calls.exclude(status=CallStatus.ENDED).exists():
        return "A call to this lead is still going on."
    return ""


def offers_call(lead: Lead, latest: Call | None) -> bool:
    """Tell whether calling a lead (again) makes sense, after how its latest call ended."""
    if why_not_call(lead):
        return False
    return latest is None or latest.ending.may_call_again


def call_again(*, lead: Lead, by: User, request_id: str) -> str:
    """Call a lead once more. Return Vapi's id of the call. Takes up to 15 seconds.

    Raises CannotCall, or what place.place_call() raises: CallFailed, CallUnconfirmed.
    """
    if reason := why_not_call(lead):
        raise CannotCall(reason)
    call = _open_call(lead, request_id)
    try:
        placed = place.place_call(call, deadline=Deadline(attempts.REQUEST_SECONDS))
    except attempts.CallNotConfirmed as error:
        _log_call(lead, by, error=str(error))
        raise
    _log_call(lead, by, vapi_call_id=placed.vapi_call_id)
    return placed.vapi_call_id


def _open_call(lead: Lead, request_id: str) -> Call:
    try:
        with transaction.atomic(durable=True):
            return attempts.open_call(lead, request_id=request_id)
    except IntegrityError as error:
        # The database allows one call at a time: somebody else was quicker.
        raise CannotCall("A call to this lead is still going on, or it was deleted.") from error


def _log_call(lead: Lead, by: User, *, error: str = "", **details) -> None:
    record.action(
        workspace_id=lead.workspace_id,
        actor=by,
        action=record.CALL_AGAIN,
        lead_id=lead.pk,
        error=error,
        **details,
    )
