"""Calling a lead because a member asks for it."""

from django.db import IntegrityError

from coachbot.deadline import Deadline
from leads.calls.placing import concurrency, lease, opening, reconcile
from leads.calls.placing.errors import CallNotConfirmed
from leads.contact import gate
from leads.models import ActivityCode, Call, CallStatus, HeldBecause, Lead
from leads.operators import activities
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import Membership

STILL_GOING_ON = "A call to this lead is still going on."


class CannotCall(Exception):
    """The lead must not be called now; `str()` says why."""


def why_not_call(lead: Lead) -> str:
    """Return the sentence that says why a lead must not be called now; "" if it may be."""
    if not lead.workspace.is_voice:
        return "This workspace does not call its leads."
    if lead.calls.exclude(status=CallStatus.ENDED).exists():
        return STILL_GOING_ON
    held = gate.ask(lead)
    return gate.sentence(lead, held.code) if held else ""


def call_again(*, lead: Lead, by: Membership, request_id: str) -> str:
    """Call a lead, again or for the first time. Return Vapi's id of the call.

    Takes up to 15 seconds. Raises CannotCall, CallFailed and CallUnconfirmed.
    """
    if reason := why_not_call(lead):
        raise CannotCall(reason)
    deadline = Deadline(lease.REQUEST_SECONDS)
    try:
        with concurrency.limited(lead.workspace_id):
            call_id = reconcile.dial(_open_call(lead, request_id), deadline=deadline)
    except concurrency.TooManyCalls as error:
        raise CannotCall(f"{error} Try again in a moment.") from error
    except CallNotConfirmed as error:
        _log_call(lead, by, error=str(error), error_code=error.code)
        raise
    activities.write(lead, by, ActivityCode.CALLED)
    _log_call(lead, by, vapi_call_id=call_id)
    return call_id


def _open_call(lead: Lead, request_id: str) -> Call:
    try:
        return opening.open_call(lead, request_id=request_id)
    except gate.NoLongerAllowed as error:
        lead.refresh_from_db(fields=["closed_as"])
        held = gate.ask(lead)
        code = held.code if held else HeldBecause.DAILY_LIMIT
        raise CannotCall(gate.sentence(lead, code)) from error
    except opening.LeadIsRinging as error:
        raise CannotCall(STILL_GOING_ON) from error
    except IntegrityError as error:
        # The database allows one call at a time: somebody else was quicker.
        raise CannotCall("A call to this lead is still going on, or it was deleted.") from error


def _log_call(lead: Lead, by: Membership, **details) -> None:
    record.action(
        workspace_id=lead.workspace_id,
        actor=by.user,
        action=Action.CALL_TEST_LEAD if lead.is_test else Action.CALL_LEAD,
        lead_id=lead.pk,
        **details,
    )
