"""Writing a call down as about to be sent, under our lease, once the gate has let it pass.

What counts it in the day is part of the same write: no call is placed that is not counted.
"""

from datetime import timedelta

from django.db import transaction

from coachbot.db.prepared import PreparedInsert, Statement, write_together
from coachbot.deadline import Deadline
from leads.calls import person
from leads.calls.placing.lease import CONCLUSIVE_AFTER, LEASE, SEND_WITHIN
from leads.contact import gate
from leads.contact.planned import steps
from leads.models import Call, Conversation, Lead, Step

_conversations = PreparedInsert(Conversation)
# Who settles may be another machine: what it goes by is the database's clock.
_calls = PreparedInsert(
    Call, created_at=timedelta(0), lease_until=LEASE, conclusive_at=CONCLUSIVE_AFTER
)


class LeadIsRinging(Exception):
    """The lead rang, and that call is not over. Nothing is written."""


def open_first_call(lead: Lead, insert: Statement) -> Call:
    """Write a new lead down, and that it is about to be called, under our lease; and count it.

    insert: that of the lead. Ask the gate before, and dial() right after. Raises
    gate.NoLongerAllowed, and IntegrityError where the lead could not be inserted, as the phone is
    one already; nothing is written then.
    """
    conversation = Conversation(lead=lead, channel=lead.channel, created_at=lead.created_at)
    call = _new_call(lead, conversation, lead.request_id)
    _write_counted(call, insert, _conversations.statement(conversation), _calls.statement(call))
    return call


@transaction.atomic(durable=True)
def open_call(lead: Lead, *, request_id: str) -> Call:
    """Do the same for a lead that is there. Raises gate.NoLongerAllowed, also where the lead was
    closed meanwhile; LeadIsRinging; and IntegrityError where a call to it is not over.
    """
    # Locked, so that whoever closes it does that before, and it is seen here, or after.
    locked = Lead.objects.select_for_update(no_key=True).filter(pk=lead.pk)
    if any(locked.values_list("closed_as", flat=True)):
        raise gate.NoLongerAllowed
    _require_silence(lead)
    if lead.held_because:
        Lead.objects.filter(pk=lead.pk).update(held_because="")
    call = _next_call(lead, request_id, steps.callback_of(lead))
    _write_counted(call, _calls.statement(call))
    return call


@transaction.atomic(durable=True)
def open_step(step: Step) -> Call | None:
    """Do the same for a step that is due, and mark it as made. None where it is gone meanwhile.

    Raises gate.NoLongerAllowed, also where the lead does not stand any more where it stood when the
    gate was asked; LeadIsRinging, and IntegrityError.
    """
    lead = Lead.objects.select_for_update().filter(pk=step.lead_id).first()
    if lead is None:
        return None
    _require_silence(lead)
    gate.check_stand(lead, asked=step.lead)
    if lead.held_because:
        Lead.objects.filter(pk=lead.pk).update(held_because="")
    call = _next_call(step.lead, f"step-{step.pk}", step)
    write_together(_calls.statement(call))
    if not steps.make(step, call=call):
        transaction.set_rollback(True)
        return None
    _write_counted(call)
    return call


def _require_silence(lead: Lead) -> None:
    """Raise LeadIsRinging; of a lead that is locked, as whoever files its call locks it too."""
    if lead.calls.inbound().going_on().exists():
        raise LeadIsRinging


def _new_call(lead: Lead, conversation: Conversation, request_id: str) -> Call:
    call = Call(
        workspace=lead.workspace, lead=lead, conversation=conversation, request_id=request_id
    )
    call.send_by = Deadline(SEND_WITHIN)
    return call


def _next_call(lead: Lead, request_id: str, step: Step | None) -> Call:
    """Return a call to a lead that may have been called before. step: that it is made for."""
    call = _new_call(lead, person.conversation_with(lead), request_id)
    call.last_summary = person.last_summary_of(lead)
    call.callback_notes = step.notes if step else ""
    return call


@transaction.atomic
def _write_counted(call: Call, *inserts: Statement) -> None:
    gate.write_counted(call.workspace, *inserts)
    gate.check_lines(call.workspace)
