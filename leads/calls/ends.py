"""Telling others that a call is over: once, with Vapi's report of it.

Vapi says first that the line was hung up, and some seconds later what was said and what it cost.
Where that report does not come, the end is told without it.
"""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from coachbot.db import clock
from leads import events
from leads.models import Call, Lead

REPORT_WITHIN = timedelta(seconds=60)
MOST_AT_ONCE = 200


def note(lead: Lead, call: Call) -> None:
    """Tell of a call that is over, or see to it that it will be. In the transaction that says so,
    with the lead locked, and after what follows was planned.
    """
    if call.end_told:
        return
    # Of a call of which nothing was told we said ourselves that it is over.
    if "reported_at" in call.told or not call.told:
        _tell(lead, call)
    elif call.tell_end_at is None:
        call.tell_end_at = clock.now() + REPORT_WITHIN
        Call.objects.filter(pk=call.pk).update(tell_end_at=call.tell_end_at)


def tell_due() -> None:
    """Tell of the calls whose report did not come. Safe from several processes at once."""
    due = Call.objects.filter(tell_end_at__lte=Now()).order_by("tell_end_at")
    for call_id, lead_id in list(due.values_list("pk", "lead_id")[:MOST_AT_ONCE]):
        _tell_without_report(call_id, lead_id)


@transaction.atomic(durable=True)
def _tell_without_report(call_id: uuid.UUID, lead_id: uuid.UUID) -> None:
    locked = Lead.objects.select_for_update(of=("self",)).filter(pk=lead_id)
    lead = locked.select_related("workspace").first()
    due = Call.objects.filter(pk=call_id, end_told=False, tell_end_at__lte=Now())
    call = due.select_for_update().first()
    if lead and call:
        _tell(lead, call)


def _tell(lead: Lead, call: Call) -> None:
    call.end_told, call.tell_end_at = True, None
    Call.objects.filter(pk=call.pk).update(end_told=True, tell_end_at=None)
    events.call_ended(lead, call, attempt=_attempt(lead, call))


def _attempt(lead: Lead, call: Call) -> int | None:
    """Return which attempt of the plan a call was, also if it did not use one up."""
    if call.is_inbound:
        return None
    used = Call.objects.attempts().filter(lead=lead, created_at__lte=call.created_at)
    return int(used.exclude(pk=call.pk).count()) + 1
