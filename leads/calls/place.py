"""Placing a call: workspace and lead to a provider call.

Vapi has no idempotency key, so an unclear outcome is looked up there and never sent again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Refused, Unclear
from coachbot.providers.vapi import client as vapi
from leads.calls import attempts, concurrency, reconcile
from leads.calls.attempts import CallFailed
from leads.contact import gate
from leads.models import Call
from workspaces.connections import credentials
from workspaces.models import LogEntry


@dataclass(frozen=True)
class Placed:
    """A call that Vapi placed. is_recorded: the log row of the witness is written."""

    vapi_call_id: str
    is_recorded: bool = False


def place_call(
    call: Call, *, deadline: Deadline, witness: Callable[[str], LogEntry] | None = None
) -> Placed:
    """Ask Vapi to place a call that attempts.open_call() made.

    witness: makes of Vapi's id the log row of who asked for the call, for when Vapi says at
    once that it is placed; it is written together with that.

    Raises CallFailed, and then the call is gone, with its lead if that was never accepted;
    or CallUnconfirmed when an unclear outcome could not be settled before the deadline.
    """
    try:
        account = gate.account_for(call)
        return _dial(call, account, deadline, witness)
    except Unclear as error:
        attempts.note_answer(call, error)
        return Placed(reconcile.resolve_call(call, deadline=deadline, because=str(error)))
    except (
        gate.NotAllowed,
        credentials.NotConnected,
        credentials.CannotUnseal,
        ProviderError,
    ) as error:
        attempts.withdraw(call)
        raise CallFailed(str(error), call.lead_id) from error


def _dial(call: Call, account: vapi.Account, deadline: Deadline, witness) -> Placed:
    if timezone.now() > call.created_at + attempts.SEND_WITHIN:
        # Whoever judges by `conclusive_at` counts on nothing being sent this late.
        raise Refused("Coachbot was too busy to place the call in time.")
    lead = call.lead
    person = vapi.Person(
        lead.name, lead.phone, lead.email, lead.goal, lead.metadata, dict(lead.answers)
    )
    ids = {"leadId": str(lead.pk), "requestId": call.request_id}
    payload = vapi.call_payload(account, person, attempt_id=str(call.pk), ids=ids)
    timeout = min(settings.VAPI_TIMEOUT, deadline.remaining())
    try:
        with concurrency.away() as wait:
            placed = vapi.create_call(account, payload, timeout=timeout)
    except ProviderError as error:
        attempts.log_request(call, "POST /call", wait.seconds, request=payload, error=error)
        raise
    response = placed.response
    entries = [
        attempts.request_entry(
            call, "POST /call", wait.seconds, request=payload, response=response
        ),
        *([witness(placed.call_id)] if witness else []),
    ]
    attempts.confirm(call, placed.call_id, is_blocked=placed.is_blocked, entries=entries)
    return Placed(placed.call_id, is_recorded=witness is not None)
