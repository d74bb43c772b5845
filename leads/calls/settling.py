"""Finding out what became of calls that nobody works on any more. Run by a command."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from coachbot.providers.vapi.ended_reasons import UNCONFIRMED
from leads.calls import attempts, reconcile
from leads.models import Call, CallStatus, Lead, LeadStatus

logger = logging.getLogger(__name__)

# After this long without a word from the provider a person has to look.
GIVE_UP_AFTER = timedelta(minutes=15)


def oldest_dialing_call_seconds() -> float:
    """Return the age of the oldest call that is neither placed nor withdrawn, 0 without one."""
    oldest = Call.objects.dialing().aggregate(Min("created_at"))["created_at__min"]
    return (timezone.now() - oldest).total_seconds() if oldest else 0.0


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
    abandoned = Call.objects.dialing().filter(lease_until__lte=timezone.now())
    for call in abandoned.select_related("lead").order_by("lease_until")[:1000]:
        if attempts.claim(call):
            _settle(call, settled)
    return settled


def _settle(call: Call, settled: Settled) -> None:
    try:
        placed = reconcile.settle_once(call)
    except attempts.CallFailed:
        settled.withdrawn += 1
        return
    if placed:
        settled.placed += 1
    elif timezone.now() < call.created_at + GIVE_UP_AFTER:
        attempts.release(call)
        settled.still_open += 1
    else:
        _hand_to_human(call)
        settled.given_up += 1


@transaction.atomic(durable=True)
def _hand_to_human(call: Call) -> None:
    """Keep the lead and say so: neither losing it nor calling it twice is an option."""
    logger.error("Call %s stayed unconfirmed; its lead needs a human", call.pk)
    now = timezone.now()
    Lead.objects.select_for_update().filter(pk=call.lead_id).first()  # before its call
    ended = Call.objects.dialing().filter(pk=call.pk)
    if ended.update(status=CallStatus.ENDED, ended_at=now, ended_reason=UNCONFIRMED):
        Lead.objects.filter(pk=call.lead_id, accepted_at=None).update(accepted_at=now)
        Lead.objects.filter(pk=call.lead_id, status=LeadStatus.NEW).update(
            status=LeadStatus.NEEDS_HUMAN,
            qualification_notes="Vapi did not say whether the call was placed. Check there.",
            updated_at=now,
        )
