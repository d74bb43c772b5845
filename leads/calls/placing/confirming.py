"""Writing that a call was placed, and with it that its lead is accepted."""

import logging

from django.db import IntegrityError, OperationalError, transaction
from django.db.models.functions import Now

from coachbot.db import clock
from coachbot.db.connections import release_connection
from coachbot.db.prepared import PreparedUpdate, write_together
from coachbot.deadline import Deadline
from leads import events
from leads.calls import person
from leads.calls.placing import starts
from leads.calls.placing.errors import CallUnconfirmed
from leads.contact import gate
from leads.models import Call, CallStatus, Lead

logger = logging.getLogger(__name__)

# A call that is real by now is worth some patience with the database.
CONFIRM_SECONDS, CONFIRM_PAUSE = 4.0, 0.5
TAKEN_MEANWHILE = (
    "Vapi placed the call, but meanwhile it was given up here, and its phone taken anew. "
    "Retrying is safe: nobody is called by it."
)
_accept_lead = PreparedUpdate(
    lambda lead: (
        Lead.objects.filter(pk=lead, accepted_at=None),
        {"accepted_at": Now(), "updated_at": Now()},
    ),
    Lead._meta.pk,
)
_confirm_call = PreparedUpdate(
    lambda call, vapi_call_id, is_blocked: (
        Call.objects.dialing().filter(pk=call),
        {
            "status": CallStatus.IN_PROGRESS,
            "vapi_call_id": vapi_call_id,
            "is_blocked": is_blocked,
            "dialed_at": Now(),
        },
    ),
    Call._meta.pk,
    Call._meta.get_field("vapi_call_id"),
    Call._meta.get_field("is_blocked"),
)


class IdTaken(Exception):
    """The provider gave a call the id of another one, so it is not known what became of it."""


def confirm(call: Call, vapi_call_id: str, *, is_blocked: bool = False) -> None:
    """Write that a call was placed, and with it that its lead is accepted.

    is_blocked: whether Vapi said that no line is free for it.
    Tried again for a moment while the database is away; what then is still unwritten is found
    again by a look-up. Raises OperationalError; IdTaken; and CallUnconfirmed where the call was
    withdrawn and cannot be written anew.
    """
    deadline = Deadline(CONFIRM_SECONDS)
    while True:
        try:
            return _write_confirmation(call, vapi_call_id, is_blocked)
        except IntegrityError as error:
            logger.exception("Call %s got the id of another one", call.pk)
            raise IdTaken("another call has the same id.") from error
        except OperationalError:
            logger.exception("Call %s is placed; the database did not take it", call.pk)
            release_connection()
            if not deadline.pause(CONFIRM_PAUSE):
                raise


def _write_confirmation(call: Call, vapi_call_id: str, is_blocked: bool) -> None:
    # The lead first, as events and erasing do: else two transactions could wait for each other.
    writes = (
        _accept_lead.statement(call.lead_id),
        _confirm_call.statement(call.pk, vapi_call_id, is_blocked),
    )
    written = starts.write(call, writes)
    if not written and not Call.objects.filter(pk=call.pk).exists():
        try:
            _write_anew(call, vapi_call_id, is_blocked)
        except IntegrityError as error:
            raise CallUnconfirmed(TAKEN_MEANWHILE, call.lead_id) from error
    if is_blocked:  # an event may have confirmed the call before
        blocked = Call.objects.filter(pk=call.pk, vapi_call_id=vapi_call_id)
        # Who has blocked calls dropped need not wait until our lease has run out.
        blocked.update(is_blocked=True, lease_until=Now())


@transaction.atomic(durable=True)
def _write_anew(call: Call, vapi_call_id: str, is_blocked: bool) -> None:
    """Write a call that is real, and that somebody took for one that was not placed and withdrew.

    Raises IntegrityError where the phone is another lead's by now, or the workspace is gone.
    """
    logger.error("Call %s was withdrawn, and Vapi placed it: it is written anew", call.pk)
    now = clock.now()
    if is_new := not Lead.objects.filter(pk=call.lead_id).exists():
        call.lead.accepted_at = now
        call.lead.save(force_insert=True)
    call.conversation = person.conversation_with(call.lead)
    call.status, call.vapi_call_id = CallStatus.IN_PROGRESS, vapi_call_id
    call.is_blocked = is_blocked
    call.created_at = call.dialed_at = call.lease_until = call.conclusive_at = now
    call.save(force_insert=True)
    if is_new:
        events.lead_created(call.lead)
    events.call_started(call.lead, call)
    gate.begin_day(call.workspace_id)
    write_together(gate.place_of_day(call.workspace))  # it counts as far as there is room
