"""The rows of a call that is being placed: made, claimed, confirmed or withdrawn.

A call is `dialing` from its making until it is known whether the provider placed it. Who
dials holds a lease on it; when that has run out, another process may take it over.
"""

import logging
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone

from coachbot.db.connections import release_connection
from coachbot.db.prepared import PreparedInsert, PreparedUpdate, write_together
from coachbot.deadline import Deadline
from coachbot.observability import metrics
from coachbot.providers import ProviderError, Refused, Unclear
from leads.models import Call, CallStatus, Lead
from workspaces.log import record
from workspaces.models import LogEntry, LogKind, Outcome

logger = logging.getLogger(__name__)

# A request is answered within 15 seconds. The last three are for a look-up that began just
# in time, and for everything that is not waiting.
REQUEST_SECONDS = 12.0
LEASE = timedelta(seconds=REQUEST_SECONDS + 2)
# With less time left than this, a call is not begun: it would only end unclear.
SHORTEST_DISPATCH = 3.0
# Vapi is asked this soon after the rows are committed, or not at all.
SEND_WITHIN = timedelta(seconds=5)
# A call that is real by now is worth some patience with the database.
CONFIRM_SECONDS, CONFIRM_PAUSE = 4.0, 0.5

_calls = PreparedInsert(Call)
_accept_lead = PreparedUpdate(
    lambda lead, now: (
        Lead.objects.filter(pk=lead, accepted_at=None),
        {"accepted_at": now, "updated_at": now},
    ),
    Lead._meta.pk,
    Lead._meta.get_field("accepted_at"),
)
_confirm_call = PreparedUpdate(
    lambda call, vapi_call_id, is_blocked, now: (
        Call.objects.dialing().filter(pk=call),
        {
            "status": CallStatus.IN_PROGRESS,
            "vapi_call_id": vapi_call_id,
            "is_blocked": is_blocked,
            "dialed_at": now,
        },
    ),
    Call._meta.pk,
    Call._meta.get_field("vapi_call_id"),
    Call._meta.get_field("is_blocked"),
    Call._meta.get_field("dialed_at"),
)


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
    call = _new_call(lead, request_id)
    _calls.insert(call)
    return call


def open_call_with(leads: PreparedInsert, lead: Lead, *, request_id: str) -> Call:
    """Write a new lead, and the row of a call to it as open_call() does: both or none."""
    call = _new_call(lead, request_id)
    write_together(leads.statement(lead), _calls.statement(call))
    return call


def _new_call(lead: Lead, request_id: str) -> Call:
    now = timezone.now()
    return Call(
        workspace=lead.workspace,
        lead=lead,
        lease_until=now + LEASE,
        conclusive_at=now + timedelta(seconds=settings.VAPI_SILENT_WORK) + listing_lag(),
        request_id=request_id,
        created_at=now,
    )


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


def note_answer(call: Call, error: Unclear) -> None:
    """After an answer, even an unclear one, Vapi is done: only its list may lag behind."""
    if error.status is None:
        return
    call.conclusive_at = timezone.now() + listing_lag()
    Call.objects.dialing().filter(pk=call.pk).update(conclusive_at=call.conclusive_at)


def listing_lag() -> timedelta:
    """Return how long after its making a call may be missing from Vapi's list."""
    return timedelta(seconds=settings.VAPI_LISTING_LAG)


def confirm(
    call: Call, vapi_call_id: str, *, is_blocked: bool = False, entries: Sequence[LogEntry] = ()
) -> None:
    """Write that a call was placed, and with it that its lead is accepted.

    is_blocked: whether Vapi said that no line is free for it. entries: log rows that tell of
    it, written at the same time; the log can be lost, the call must not.
    Tried again without them, and for a moment while the database is away; what then is still
    unwritten is found again by a look-up. Raises OperationalError.
    """
    deadline = Deadline(CONFIRM_SECONDS)
    try:
        return _write_confirmation(call, vapi_call_id, is_blocked, entries)
    except DatabaseError as error:
        if not entries and not isinstance(error, OperationalError):
            raise
        _note_failure(call)
    _confirm_alone(call, vapi_call_id, is_blocked, deadline)
    for entry in entries:
        record.write(entry)


def _confirm_alone(call: Call, vapi_call_id: str, is_blocked: bool, deadline: Deadline) -> None:
    while True:
        try:
            return _write_confirmation(call, vapi_call_id, is_blocked, ())
        except OperationalError:
            _note_failure(call)
            if not deadline.pause(CONFIRM_PAUSE):
                raise


def _note_failure(call: Call) -> None:
    logger.exception("Call %s is placed; the database did not take it", call.pk)
    release_connection()


def _write_confirmation(call, vapi_call_id, is_blocked, entries) -> None:
    now = timezone.now()
    # The lead first, as events and erasing do: else two transactions could wait for each other.
    record.write_with(
        entries,
        _accept_lead.statement(call.lead_id, now),
        _confirm_call.statement(call.pk, vapi_call_id, is_blocked, now),
    )
    if is_blocked:  # an event may have confirmed the call before
        Call.objects.filter(pk=call.pk, vapi_call_id=vapi_call_id).update(is_blocked=True)


@transaction.atomic(durable=True)
def withdraw(call: Call) -> bool:
    """Remove a call that was not placed, and its lead too if that was never accepted.

    Return whether it was still dialing; a confirmed call stays.
    """
    # Locked, so that an event which confirms the call comes either before or too late.
    Lead.objects.select_for_update().filter(pk=call.lead_id).first()
    row = Call.objects.dialing().select_for_update().filter(pk=call.pk).first()
    if row is None:
        return False
    row.delete()
    Lead.objects.filter(pk=call.lead_id, accepted_at=None).delete()
    return True


def request_entry(
    call: Call, action: str, duration: float, *, error=None, request=None, response=None
) -> LogEntry:
    """Return the log row of one request to Vapi, not yet written. duration: seconds."""
    outcome = outcome_of(error)
    metrics.VAPI_SECONDS.labels(action, outcome).observe(duration)
    return record.new_entry(
        workspace_id=call.workspace_id,
        kind=LogKind.PROVIDER_REQUEST,
        action=f"Vapi {action}",
        outcome=outcome,
        status_code=error.status if error else 200 if request is None else 201,
        duration=duration,
        lead_id=call.lead_id,
        phone=call.lead.phone if error else "",
        error=str(error or ""),
        request=request,
        response=response if error is None else error.response,
    )


def log_request(call: Call, action: str, duration: float, **outcome) -> None:
    """Write the log row of one request to Vapi; request_entry() says of what."""
    record.write(request_entry(call, action, duration, **outcome))


def outcome_of(error: ProviderError | None) -> Outcome:
    """Return how a request to a provider ended, for the log."""
    match error:
        case None:
            return Outcome.SUCCEEDED
        case Refused():
            return Outcome.REFUSED
        case Unclear():
            return Outcome.UNCLEAR
    return Outcome.FAILED
