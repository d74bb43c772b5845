"""Asking Vapi to place a call that is written down, and having written what it answers."""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Refused, Unclear
from coachbot.providers.vapi import client as vapi
from leads.calls import person
from leads.calls.placing import account, confirming, withdrawn
from leads.calls.placing.errors import CallFailed
from leads.calls.placing.lease import SHORTEST_DISPATCH
from leads.models import Call
from workspaces.connections import credentials
from workspaces.log import exchanges


class TooLate(Refused):
    """So much time has passed since the rows were written that nothing is sent any more."""

    code = "vapi.too_busy"


def dial(call: Call, *, deadline: Deadline) -> str:
    """Ask Vapi to place a call that open_call() wrote down. Return Vapi's id of it.

    Raises CallFailed, and then the call is gone, with its lead if that was never accepted;
    Unclear, and then reconcile.resolve_call() finds out what became of it.
    """
    try:
        placed = _ask_vapi(call, deadline)
    except Unclear as error:
        _note_answer(call, error)
        raise
    except (credentials.NotConnected, credentials.CannotUnseal, ProviderError) as error:
        code = _code_of(error)
        withdrawn.withdraw(call, code)
        account.note_refusal(call, code)
        raise CallFailed(str(error), call.lead_id, code) from error
    try:
        confirming.confirm(call, placed.call_id, is_blocked=placed.is_blocked)
    except confirming.IdTaken as error:
        unclear = Unclear(f"Vapi /call failed: {error}")
        unclear.code = "vapi.silent"
        raise unclear from error
    account.note_placed(call, placed)
    return placed.call_id


def _code_of(
    error: credentials.NotConnected | credentials.CannotUnseal | ProviderError,
) -> str:
    match error:
        case credentials.NotConnected():
            return "vapi.not_connected"
        case credentials.CannotUnseal():
            return "vapi.unreadable_credentials"
    return error.code


def _ask_vapi(call: Call, deadline: Deadline) -> vapi.PlacedCall:
    vapi_account = credentials.vapi_account(call.workspace_id)
    # Whoever judges by `conclusive_at` counts on nothing being sent this late.
    is_late = call.send_by is None or not call.send_by.remaining()
    if is_late or deadline.remaining() < SHORTEST_DISPATCH:
        raise TooLate("Coachbot was too busy to place the call in time.")
    lead = call.lead
    told = person.person_of(
        lead, last_summary=call.last_summary, callback_notes=call.callback_notes
    )
    ids = {"leadId": str(lead.pk), "requestId": call.request_id}
    return vapi.create_call(
        exchanges.door(call.workspace_id, lead_id=lead.pk, phone=lead.phone),
        vapi_account,
        vapi.call_payload(vapi_account, told, attempt_id=str(call.pk), ids=ids),
        timeout=min(settings.VAPI_TIMEOUT, deadline.remaining()),
    )


def _note_answer(call: Call, error: Unclear) -> None:
    """After an answer, even an unclear one, Vapi is done: only its list may lag behind."""
    if error.status is None:
        return
    lag = timedelta(seconds=settings.VAPI_LISTING_LAG)
    Call.objects.dialing().filter(pk=call.pk).update(conclusive_at=Now() + lag)
