"""Placing a call: workspace and lead to a provider call.

Vapi has no idempotency key, so an unclear outcome is looked up there and never sent again.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Refused, Unclear, vapi
from leads import allowance, attempts, lookups, slots
from leads.attempts import CallFailed
from leads.models import Call
from workspaces import credentials

# Vapi is asked this soon after the rows are committed, or not at all.
SEND_WITHIN = timedelta(seconds=5)


def place_call(call: Call, *, deadline: Deadline) -> str:
    """Ask Vapi to place a call that attempts.open_call() made. Return Vapi's id of it.

    Raises CallFailed, and then the call is gone, with its lead if that was never accepted;
    or CallUnconfirmed when an unclear outcome could not be settled before the deadline.
    """
    try:
        allowance.check_call(call)
        account = credentials.vapi_account(call.workspace_id)
        return _dial(call, account, deadline)
    except Unclear as error:
        attempts.note_answer(call, error)
        return lookups.resolve_call(call, deadline=deadline, because=str(error))
    except (
        allowance.NotAllowed,
        credentials.NotConnected,
        credentials.CannotUnseal,
        ProviderError,
    ) as error:
        attempts.withdraw(call)
        raise CallFailed(str(error), call.lead_id) from error


def _dial(call: Call, account: vapi.Account, deadline: Deadline) -> str:
    if timezone.now() > call.created_at + SEND_WITHIN:
        # Whoever judges by `conclusive_at` counts on nothing being sent this late.
        raise Refused("Coachbot was too busy to place the call in time.")
    lead = call.lead
    person = vapi.Person(
        lead.name, lead.phone, lead.email, lead.goal, lead.metadata, lead.form_responses
    )
    ids = {"leadId": str(lead.pk), "requestId": call.request_id}
    payload = vapi.call_payload(account, person, attempt_id=str(call.pk), ids=ids)
    timeout = min(settings.VAPI_TIMEOUT, deadline.remaining())
    try:
        with slots.away() as wait:
            placed = vapi.create_call(account, payload, timeout=timeout)
    except ProviderError as error:
        attempts.log_request(call, "POST /call", wait.seconds, request=payload, error=error)
        raise
    # First: the log can be lost, the call must not.
    attempts.confirm(call, placed.call_id, is_blocked=placed.is_blocked)
    response = placed.response
    attempts.log_request(call, "POST /call", wait.seconds, request=payload, response=response)
    return placed.call_id
