"""Finding out at Vapi what became of a call whose outcome is not known."""

import itertools

from django.utils import timezone

from coachbot.deadline import Deadline
from coachbot.providers import ProviderError
from coachbot.providers.vapi import client as vapi
from leads.calls import attempts, concurrency
from leads.calls.attempts import CallFailed, CallUnconfirmed
from leads.models import Call
from workspaces.connections import credentials

LOOK_UP_TIMEOUT = 4.0
LOOK_UP_PAUSES = (0.5, 1.0, 1.5, 2.0)
INTERRUPTED = "An earlier attempt to place the call was interrupted."


def resolve_call(call: Call, *, deadline: Deadline, because: str = INTERRUPTED) -> str:
    """Find out at Vapi what became of a dialing call on which we hold the lease.

    Return Vapi's id if it was placed. Raises CallFailed if it was not (the call is then
    withdrawn) or CallUnconfirmed if that is still open at the deadline.
    because: what made it unclear, for the messages.
    """
    pauses = itertools.chain(LOOK_UP_PAUSES, itertools.repeat(LOOK_UP_PAUSES[-1]))
    while True:
        timeout = min(LOOK_UP_TIMEOUT, deadline.remaining() + 1)
        if call_id := settle_once(call, timeout=timeout, because=because):
            return call_id
        if not concurrency.pause(deadline, next(pauses)):
            break
    attempts.release(call)
    raise CallUnconfirmed(
        f"{because} It is not confirmed yet whether the call was placed. "
        "Retrying is safe: the retry settles it first, and nobody is called twice.",
        call.lead_id,
    )


def settle_once(
    call: Call, *, timeout: float = LOOK_UP_TIMEOUT, because: str = INTERRUPTED
) -> str | None:
    """Look once at Vapi for a dialing call on which we hold the lease.

    Return Vapi's id if it was placed, None if that is still open. Raises CallFailed if it
    was not placed; the call is then withdrawn.
    """
    if call_id := _confirmed_id(call):
        return call_id
    looked_at = timezone.now()
    try:
        call_id = _look_up(call, timeout)
    except (ProviderError, credentials.NotConnected, credentials.CannotUnseal):
        return None  # logged; nothing is learnt, so nothing is concluded
    if call_id:
        attempts.confirm(call, call_id)
        return call_id
    if looked_at >= call.conclusive_at and attempts.withdraw(call):
        raise CallFailed(because, call.lead_id)
    return _confirmed_id(call)


def _confirmed_id(call: Call) -> str | None:
    """Return Vapi's id where an event of the call has confirmed it meanwhile."""
    return Call.objects.filter(pk=call.pk).values_list("vapi_call_id", flat=True).first()


def _look_up(call: Call, timeout: float) -> str | None:
    account = credentials.vapi_account(call.workspace_id)
    try:
        with concurrency.away() as wait:
            call_id = vapi.find_call(
                account, attempt_id=str(call.pk), created_at=call.created_at, timeout=timeout
            )
    except ProviderError as error:
        attempts.log_request(call, "GET /call", wait.seconds, error=error)
        raise
    found = {"placed": bool(call_id), "id": call_id}
    attempts.log_request(call, "GET /call", wait.seconds, response=found)
    return call_id
