"""Finding out at Vapi what became of calls whose outcome is not known."""

import itertools
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from coachbot.db import clock, connections, leases
from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Unclear
from coachbot.providers.vapi import listing
from coachbot.providers.vapi.ended_reasons import UNCONFIRMED
from leads import events, status
from leads.calls import outcomes
from leads.calls.placing import confirming, dialing, lease, withdrawn
from leads.calls.placing.errors import CallFailed, CallUnconfirmed
from leads.models import Call, CallStatus, Lead, StatusReason
from workspaces.connections import credentials
from workspaces.log import exchanges
from workspaces.models import CredentialKind

logger = logging.getLogger(__name__)

LOOK_UP_TIMEOUT = 4.0
LOOK_UP_PAUSES = (0.5, 1.0, 1.5, 2.0)
# Look-ups end so long before the deadline: with an hour of load from elsewhere, what follows them
# took up to 5 s, and the answer has to be there in 15.
RESERVED_SECONDS = 2.0
INTERRUPTED = Unclear("An earlier attempt to place the call was interrupted.")
INTERRUPTED.code = "vapi.silent"
NOTHING_LEARNT = (ProviderError, credentials.NotConnected, credentials.CannotUnseal)
# After this long without a word from the provider a person has to look.
GIVE_UP_AFTER = timedelta(minutes=15)
MOST_AT_ONCE = 1000
NOTES = "Vapi did not say whether the call was placed. Check there."


def dial(call: Call, *, deadline: Deadline) -> str:
    """Have a call placed that is written down, and find out what became of it if that is unclear.

    Return Vapi's id of it. Raises CallFailed, and CallUnconfirmed.
    """
    try:
        return dialing.dial(call, deadline=deadline)
    except Unclear as error:
        return resolve_call(call, deadline=deadline, because=error)


def resolve_call(call: Call, *, deadline: Deadline, because: Unclear = INTERRUPTED) -> str:
    """Find out at Vapi what became of a dialing call on which we hold the lease.

    Return Vapi's id if it was placed. Raises CallFailed if it was not (the call is then
    withdrawn) or CallUnconfirmed if that is still open at the deadline.
    because: what made it unclear.
    """
    pauses = itertools.chain(LOOK_UP_PAUSES, itertools.repeat(LOOK_UP_PAUSES[-1]))
    deadline = Deadline(max(0.0, deadline.remaining() - RESERVED_SECONDS))
    while True:
        timeout = min(LOOK_UP_TIMEOUT, deadline.remaining() + 1)
        if call_id := settle_once(call, timeout=timeout, because=because):
            return call_id
        if not connections.pause(deadline, next(pauses)):
            break
    lease.release(call)
    raise CallUnconfirmed(
        f"{because} It is not confirmed yet whether the call was placed. "
        "Retrying is safe: the retry settles it first, and nobody is called twice.",
        call.lead_id,
        because.code,
    )


def settle_once(
    call: Call, *, timeout: float = LOOK_UP_TIMEOUT, because: Unclear = INTERRUPTED
) -> str | None:
    """Look once at Vapi for a dialing call on which we hold the lease.

    Return Vapi's id if it was placed, None if that is still open. Raises CallFailed if it
    was not placed; the call is then withdrawn. Raises CallUnconfirmed where it was placed, and
    withdrawn meanwhile, and its phone taken anew.
    """
    call_id, looked_at = _as_it_stands(call)
    if call_id:
        return call_id
    began_at, reached = _where_to_go_on(call, looked_at)
    try:
        look = _look_up(call, reached, timeout)
        if look.call_id:
            confirming.confirm(call, look.call_id)
            return look.call_id
    except (*NOTHING_LEARNT, confirming.IdTaken) as error:
        logger.info("Call %s stays unclear: %s", call.pk, error)
        return None  # nothing is learnt, so nothing is concluded
    has_read_all = look.reached is None
    is_conclusive = has_read_all and began_at is not None and began_at >= call.conclusive_at
    if is_conclusive and clock.is_right() and withdrawn.withdraw(call, because.code):
        raise CallFailed(str(because), call.lead_id, because.code)
    _note_reached(call, began_at, look.reached)
    return _confirmed_id(call)


def _as_it_stands(call: Call) -> tuple[str | None, datetime | None]:
    """Return Vapi's id where the call is confirmed, and what time it is; both by the database.

    The moments of the call are read with it: whoever made the row does not know them.
    """
    found = Call.objects.filter(pk=call.pk).values_list(
        "vapi_call_id", "created_at", "conclusive_at", Now()
    )
    if not (row := found.first()):
        return None, None  # withdrawn or erased meanwhile
    call_id, call.created_at, call.conclusive_at, now = row
    return call_id, now


def _confirmed_id(call: Call) -> str | None:
    """Return Vapi's id where an event of the call has confirmed it meanwhile."""
    return Call.objects.filter(pk=call.pk).values_list("vapi_call_id", flat=True).first()


def _where_to_go_on(call: Call, now: datetime | None) -> tuple[datetime | None, datetime | None]:
    """Return when the reading of Vapi's list began, and how far it got.

    now: by the database, None where the call is withdrawn. What was read before the list is
    conclusive proves nothing once it is; that begins anew.
    """
    began_at = call.search_began_at
    if now and began_at and (began_at >= call.conclusive_at or now < call.conclusive_at):
        return began_at, call.search_reached
    return now, None


def _note_reached(call: Call, began_at: datetime | None, reached: datetime | None) -> None:
    """Write where the next look goes on; None where it begins anew."""
    if reached == call.search_reached:
        return
    call.search_began_at, call.search_reached = began_at if reached else None, reached
    Call.objects.dialing().filter(pk=call.pk).update(
        search_began_at=call.search_began_at, search_reached=reached
    )


def _look_up(call: Call, reached: datetime | None, timeout: float) -> listing.Look:
    account = credentials.vapi_account(call.workspace_id)
    since = credentials.changed_at(call.workspace_id, CredentialKind.VAPI)
    is_own = since is not None and since < call.created_at
    return listing.find_call(
        exchanges.door(call.workspace_id, lead_id=call.lead_id, phone=call.lead.phone),
        account,
        listing.Wanted(str(call.pk), call.created_at, is_own),
        timeout=timeout,
        reached=reached,
    )


def oldest_dialing_call_seconds() -> float:
    """Return the age of the oldest call that is neither placed nor withdrawn, 0 without one."""
    return clock.seconds_since(Call.objects.dialing(), "created_at") or 0.0


@dataclass
class Settled:
    """How many calls were found placed, were withdrawn, are still open, went to a human."""

    placed: int = 0
    withdrawn: int = 0
    still_open: int = 0
    given_up: int = 0


def settle_dialing_calls() -> Settled:
    """Settle every dialing call whose lease has run out.

    Safe at any time and from several processes at once: each call is claimed first.
    """
    settled = Settled()
    abandoned = leases.run_out(Call.objects.dialing())
    for call in abandoned.select_related("lead")[:MOST_AT_ONCE]:
        if lease.claim(call):
            _settle(call, settled)
    return settled


def _settle(call: Call, settled: Settled) -> None:
    try:
        placed = settle_once(call)
    except CallFailed:
        settled.withdrawn += 1
        return
    except CallUnconfirmed:
        settled.given_up += 1
        return
    if placed:
        settled.placed += 1
    elif clock.now() < call.created_at + GIVE_UP_AFTER:
        lease.release(call)
        settled.still_open += 1
    else:
        _hand_to_human(call)
        settled.given_up += 1


@transaction.atomic(durable=True)
def _hand_to_human(call: Call) -> None:
    """Keep the lead and say so: neither losing it nor calling it twice is an option."""
    logger.error("Call %s stayed unconfirmed; its lead needs a human", call.pk)
    now = clock.now()
    lead = Lead.objects.select_for_update().filter(pk=call.lead_id).first()  # before its call
    ended = Call.objects.dialing().filter(pk=call.pk)
    if ended.update(status=CallStatus.ENDED, ended_at=now, ended_reason=UNCONFIRMED):
        if Lead.objects.filter(pk=call.lead_id, accepted_at=None).update(accepted_at=now):
            events.lead_created(call.lead)
        status.move(call.lead_id, StatusReason.CALL_UNCONFIRMED, notes=NOTES)
        if lead is not None:
            outcomes.note_latest(lead)
