"""Finding out at Vapi what became of calls whose outcome is not known."""

import itertools
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import DurationField, ExpressionWrapper, Min
from django.db.models.functions import Now

from coachbot.db import clock, connections, leases
from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Unclear
from coachbot.providers.vapi import client as vapi
from coachbot.providers.vapi.ended_reasons import UNCONFIRMED
from leads import status
from leads.calls import place
from leads.calls.place import CallFailed, CallUnconfirmed
from leads.models import Call, CallStatus, Lead, StatusReason
from workspaces.connections import credentials
from workspaces.log import exchanges

logger = logging.getLogger(__name__)

LOOK_UP_TIMEOUT = 4.0
LOOK_UP_PAUSES = (0.5, 1.0, 1.5, 2.0)
INTERRUPTED = Unclear("An earlier attempt to place the call was interrupted.")
INTERRUPTED.code = "vapi.silent"
# After this long without a word from the provider a person has to look.
GIVE_UP_AFTER = timedelta(minutes=15)
MOST_AT_ONCE = 1000
NOTES = "Vapi did not say whether the call was placed. Check there."


def resolve_call(call: Call, *, deadline: Deadline, because: Unclear = INTERRUPTED) -> str:
    """Find out at Vapi what became of a dialing call on which we hold the lease.

    Return Vapi's id if it was placed. Raises CallFailed if it was not (the call is then
    withdrawn) or CallUnconfirmed if that is still open at the deadline.
    because: what made it unclear.
    """
    pauses = itertools.chain(LOOK_UP_PAUSES, itertools.repeat(LOOK_UP_PAUSES[-1]))
    while True:
        timeout = min(LOOK_UP_TIMEOUT, deadline.remaining() + 1)
        if call_id := settle_once(call, timeout=timeout, because=because):
            return call_id
        if not connections.pause(deadline, next(pauses)):
            break
    place.release(call)
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
    try:
        call_id = _look_up(call, timeout)
    except (ProviderError, credentials.NotConnected, credentials.CannotUnseal):
        return None  # logged; nothing is learnt, so nothing is concluded
    if call_id:
        try:
            place.confirm(call, call_id)
        except IntegrityError as error:
            raise CallUnconfirmed(place.TAKEN_MEANWHILE, call.lead_id) from error
        return call_id
    is_conclusive = looked_at is not None and looked_at >= call.conclusive_at
    if is_conclusive and clock.is_right() and place.withdraw(call):
        raise CallFailed(str(because), call.lead_id, because.code)
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


def _look_up(call: Call, timeout: float) -> str | None:
    return vapi.find_call(
        exchanges.door(call.workspace_id, lead_id=call.lead_id, phone=call.lead.phone),
        credentials.vapi_account(call.workspace_id),
        attempt_id=str(call.pk),
        created_at=call.created_at,
        timeout=timeout,
    )


def oldest_dialing_call_seconds() -> float:
    """Return the age of the oldest call that is neither placed nor withdrawn, 0 without one."""
    age = ExpressionWrapper(Now() - Min("created_at"), output_field=DurationField())
    oldest = Call.objects.dialing().aggregate(age=age)["age"]
    return max(0.0, oldest.total_seconds()) if oldest else 0.0


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
        if place.claim(call):
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
        place.release(call)
        settled.still_open += 1
    else:
        _hand_to_human(call)
        settled.given_up += 1


@transaction.atomic(durable=True)
def _hand_to_human(call: Call) -> None:
    """Keep the lead and say so: neither losing it nor calling it twice is an option."""
    logger.error("Call %s stayed unconfirmed; its lead needs a human", call.pk)
    now = clock.now()
    Lead.objects.select_for_update().filter(pk=call.lead_id).first()  # before its call
    ended = Call.objects.dialing().filter(pk=call.pk)
    if ended.update(status=CallStatus.ENDED, ended_at=now, ended_reason=UNCONFIRMED):
        Lead.objects.filter(pk=call.lead_id, accepted_at=None).update(accepted_at=now)
        status.move(call.lead_id, StatusReason.CALL_UNCONFIRMED, notes=NOTES)
