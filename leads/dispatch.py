"""Placing a call, and what each outcome does to the rows.

A call is `dialing` from its making until it is known whether the provider placed it. Who
dials holds a lease on it; when that has run out, another process may take it over. Vapi
has no idempotency key, so an unclear outcome is looked up there and never sent again.
"""

import itertools
import logging
import time
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone

from coachbot.database import release_connection
from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Refused, Unclear, vapi
from leads.models import Call, CallStatus, Lead
from workspaces import activity, credentials
from workspaces.models import LogKind, Outcome

logger = logging.getLogger(__name__)

# A request is answered within 15 seconds; the last of them is for everything but waiting.
REQUEST_SECONDS = 14.0
LEASE = timedelta(seconds=REQUEST_SECONDS + 2)
# Vapi is asked this soon after the rows are committed, or not at all.
SEND_WITHIN = timedelta(seconds=5)
# How long Vapi may go on working at a request that it never answered, counted from our commit.
SILENT_WORK = timedelta(seconds=20)
# How long after its making a call may be missing from Vapi's list (Vapi's own sample
# takes not-found as proof of nothing; vapi.md section 4).
LISTING_LAG = timedelta(seconds=8)
LOOK_UP_TIMEOUT = 4.0
LOOK_UP_PAUSES = (0.5, 1.0, 1.5, 2.0)
NOT_CONNECTED = "Vapi is not connected to this workspace. Enter the account in its settings."
INTERRUPTED = "An earlier attempt to place the call was interrupted."
# A call that is real by now is worth some patience with the database.
CONFIRM_PAUSES = (0.3, 0.7, 1.0, 0)


class CallNotConfirmed(Exception):
    """There is no confirmed call; `str()` says why. lead_id: whose call it was to be."""

    def __init__(self, message: str, lead_id: uuid.UUID | None = None):
        super().__init__(message)
        self.lead_id = lead_id


class CallFailed(CallNotConfirmed):
    """The call was not placed and nothing is left behind."""


class CallUnconfirmed(CallNotConfirmed):
    """It is not known yet whether the call was placed; asking again settles it."""


def open_call(lead: Lead, *, request_id: str) -> Call:
    """Make the row of a call that is about to be placed, under our lease.

    Call place_call() right after the commit. Raises IntegrityError where the lead has a
    call already that is not over.
    """
    now = timezone.now()
    return Call.objects.create(
        workspace_id=lead.workspace_id,
        lead=lead,
        lease_until=now + LEASE,
        conclusive_at=now + SILENT_WORK + LISTING_LAG,
        request_id=request_id,
        created_at=now,
    )


def place_call(call: Call, *, deadline: Deadline) -> str:
    """Ask Vapi to place a call that open_call() made. Return Vapi's id of it.

    Raises CallFailed, and then the call is gone, with its lead if that was never accepted;
    or CallUnconfirmed when an unclear outcome could not be settled before the deadline.
    """
    try:
        account = credentials.vapi_account(call.workspace_id)
        placed = _ask_vapi(call, account, deadline)
    except credentials.NotConnected as error:
        withdraw(call)
        raise CallFailed(NOT_CONNECTED, call.lead_id) from error
    except credentials.CannotUnseal as error:
        withdraw(call)
        raise CallFailed(f"The Vapi account cannot be read. {error}", call.lead_id) from error
    except Unclear as error:
        _note_unclear(call, error)
        return resolve_call(call, deadline=deadline, because=str(error))
    except ProviderError as error:
        withdraw(call)
        raise CallFailed(str(error), call.lead_id) from error
    confirm(call, placed.call_id)
    return placed.call_id


def _ask_vapi(call: Call, account: vapi.Account, deadline: Deadline) -> vapi.PlacedCall:
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
    release_connection()
    started = time.monotonic()
    try:
        placed = vapi.create_call(account, payload, timeout=timeout)
    except ProviderError as error:
        _log(call, "POST /call", started, request=payload, error=error)
        raise
    _log(call, "POST /call", started, request=payload, response=placed.response)
    return placed


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
        if not deadline.pause(next(pauses)):
            break
    release(call)
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
    looked_at = timezone.now()
    try:
        call_id = _look_up(call, timeout)
    except (ProviderError, credentials.NotConnected, credentials.CannotUnseal):
        return None  # logged; nothing is learnt, so nothing is concluded
    if call_id:
        confirm(call, call_id)
        return call_id
    if looked_at >= call.conclusive_at:
        withdraw(call)
        raise CallFailed(because, call.lead_id)
    return None


def _look_up(call: Call, timeout: float) -> str | None:
    account = credentials.vapi_account(call.workspace_id)
    release_connection()
    started = time.monotonic()
    try:
        call_id = vapi.find_call(
            account, attempt_id=str(call.pk), created_at=call.created_at, timeout=timeout
        )
    except ProviderError as error:
        _log(call, "GET /call", started, error=error)
        raise
    _log(call, "GET /call", started, response={"placed": bool(call_id), "id": call_id})
    return call_id


def claim(call: Call) -> bool:
    """Take over a dialing call whose lease has run out. Return whether it is ours now."""
    now = timezone.now()
    lease = now + LEASE
    free = Call.objects.dialing().filter(pk=call.pk, lease_until__lte=now)
    if not free.update(lease_until=lease):
        return False
    call.lease_until = lease
    return True


def release(call: Call) -> None:
    """Give our lease on a dialing call back, for the next one who asks."""
    Call.objects.dialing().filter(pk=call.pk).update(lease_until=timezone.now())


def _note_unclear(call: Call, error: Unclear) -> None:
    """After an answer, even an unclear one, Vapi is done: only its list may lag behind."""
    if error.status is None:
        return
    call.conclusive_at = timezone.now() + LISTING_LAG
    Call.objects.dialing().filter(pk=call.pk).update(conclusive_at=call.conclusive_at)


def confirm(call: Call, vapi_call_id: str) -> None:
    """Write that a call was placed, and with it that its lead is accepted.

    Tried for two seconds while the database is away; what then is still unwritten is
    found again by a look-up. Raises OperationalError.
    """
    for pause in CONFIRM_PAUSES:
        try:
            return _write_confirmation(call, vapi_call_id, timezone.now())
        except OperationalError:
            logger.exception("Call %s is placed; the database did not take it", call.pk)
            if not pause:
                raise
            release_connection()
            time.sleep(pause)


@transaction.atomic(durable=True)
def _write_confirmation(call: Call, vapi_call_id: str, now: datetime) -> None:
    Call.objects.dialing().filter(pk=call.pk).update(
        status=CallStatus.IN_PROGRESS, vapi_call_id=vapi_call_id, dialed_at=now
    )
    Lead.objects.filter(pk=call.lead_id, accepted_at=None).update(accepted_at=now, updated_at=now)


@transaction.atomic(durable=True)
def withdraw(call: Call) -> None:
    """Remove a call that was not placed, and its lead too if that was never accepted."""
    if not Call.objects.dialing().filter(pk=call.pk).delete()[0]:
        return
    Lead.objects.filter(pk=call.lead_id, accepted_at=None).delete()


def _log(call: Call, action: str, started: float, *, error=None, request=None, response=None):
    activity.record(
        workspace_id=call.workspace_id,
        kind=LogKind.PROVIDER_REQUEST,
        action=f"Vapi {action}",
        outcome=_outcome(error),
        status_code=error.status if error else 200 if request is None else 201,
        duration=time.monotonic() - started,
        lead_id=call.lead_id,
        error=str(error or ""),
        request=request,
        response=response if error is None else error.response,
    )


def _outcome(error: ProviderError | None) -> Outcome:
    match error:
        case None:
            return Outcome.SUCCEEDED
        case Refused():
            return Outcome.REFUSED
        case Unclear():
            return Outcome.UNCLEAR
    return Outcome.FAILED
