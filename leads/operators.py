"""What operators do to leads in the dashboard. Each deed writes one log row."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError

from coachbot.deadline import Deadline
from leads import erasure, status
from leads.calls import concurrency, place, progress, reconcile
from leads.contact import gate
from leads.models import (
    Call,
    CallStatus,
    HeldBecause,
    Lead,
    LeadStatus,
    RefusedSubmission,
    StatusReason,
)
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import User, Workspace

STILL_GOING_ON = "A call to this lead is still going on."


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
        record.action(
            workspace_id=workspace.pk, actor=by, action=Action.DELETE_LEAD, lead_id=lead_id
        )
    return Deleted(len(gone), busy)


def remove_refused(*, refused: RefusedSubmission, by: User) -> None:
    """Erase a refused submission and what the log held of the person."""
    erasure.erase_refused(refused)
    record.action(workspace_id=refused.workspace_id, actor=by, action=Action.REMOVE_REFUSED)


def take_over(*, lead: Lead, by: User) -> None:
    """Mark a lead as one that a person looks after."""
    status.move(lead.pk, StatusReason.TAKEN_OVER)
    _log_status(lead, by, Action.TAKE_OVER_LEAD, LeadStatus.NEEDS_HUMAN)


def hand_back(*, lead: Lead, by: User) -> None:
    """Give a lead back to the agent, in the status that its history gives it."""
    was_reached = any(map(progress.was_reached, lead.calls.all()))
    _log_status(lead, by, Action.HAND_BACK_LEAD, status.hand_back(lead, was_reached=was_reached))


def _log_status(lead: Lead, by: User, action: Action, after: LeadStatus) -> None:
    record.action(
        workspace_id=lead.workspace_id,
        actor=by,
        action=action,
        lead_id=lead.pk,
        status_before=lead.status,
        status_after=after,
    )


def why_not_call(lead: Lead) -> str:
    """Return the sentence that says why a lead must not be called now; "" if it may be."""
    if not lead.workspace.is_voice:
        return "This workspace does not call its leads."
    if lead.calls.exclude(status=CallStatus.ENDED).exists():
        return STILL_GOING_ON
    held = gate.ask(lead)
    return gate.sentence(lead, held) if held else ""


def offers_call(lead: Lead, latest: Call | None) -> bool:
    """Tell whether calling a lead (again) makes sense, after how its latest call ended."""
    if why_not_call(lead):
        return False
    return latest is None or latest.ending.may_call_again


def call_again(*, lead: Lead, by: User, request_id: str) -> str:
    """Call a lead, again or for the first time. Return Vapi's id of the call.

    Takes up to 15 seconds. Raises CannotCall, place.CallFailed and place.CallUnconfirmed.
    """
    if reason := why_not_call(lead):
        raise CannotCall(reason)
    deadline = Deadline(place.REQUEST_SECONDS)
    try:
        with concurrency.limited(lead.workspace_id):
            call_id = reconcile.dial(_open_call(lead, request_id), deadline=deadline)
    except concurrency.TooManyCalls as error:
        raise CannotCall(f"{error} Try again in a moment.") from error
    except place.CallNotConfirmed as error:
        _log_call(lead, by, error=str(error), error_code=error.code)
        raise
    _log_call(lead, by, vapi_call_id=call_id)
    return call_id


def _open_call(lead: Lead, request_id: str) -> Call:
    try:
        return place.open_call(lead, request_id=request_id)
    except gate.NoLongerAllowed as error:
        held = gate.ask(lead) or HeldBecause.DAILY_LIMIT
        raise CannotCall(gate.sentence(lead, held)) from error
    except IntegrityError as error:
        # The database allows one call at a time: somebody else was quicker.
        raise CannotCall("A call to this lead is still going on, or it was deleted.") from error


def _log_call(lead: Lead, by: User, **details) -> None:
    record.action(
        workspace_id=lead.workspace_id,
        actor=by,
        action=Action.CALL_LEAD,
        lead_id=lead.pk,
        **details,
    )
