"""Placing a call: written down as about to be sent, sent, and what came of it written.

A call is `dialing` until it is known whether the provider placed it. Who dials holds a lease
on it; when that has run out, calls.reconcile may take it over. Vapi has no idempotency key,
so an unclear outcome is looked up there and never sent again.
"""

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.db.models.functions import Now

from coachbot.db import clock, leases
from coachbot.db.connections import release_connection
from coachbot.db.prepared import PreparedInsert, PreparedUpdate, Statement, write_together
from coachbot.deadline import Deadline
from coachbot.providers import ProviderError, Refused, Unclear
from coachbot.providers.vapi import client as vapi
from leads import events
from leads.calls import account, starts, withdrawn
from leads.contact import gate
from leads.contact.planned import follow_up, steps
from leads.models import Call, CallStatus, Conversation, Lead, Step
from workspaces.connections import credentials
from workspaces.log import exchanges

logger = logging.getLogger(__name__)

# A request is answered within 15 seconds. The last three are for a look-up that began just
# in time, and for everything that is not waiting.
REQUEST_SECONDS = 12.0
LEASE = timedelta(seconds=REQUEST_SECONDS + 2)
# With less time left than this, a call is not begun: it would only end unclear.
SHORTEST_DISPATCH = 3.0
# Vapi is asked this soon after the rows are committed, or not at all.
SEND_WITHIN = 5.0
# If Vapi lists no call this long after the rows were committed, it was not placed.
CONCLUSIVE_AFTER = timedelta(seconds=settings.VAPI_SILENT_WORK + settings.VAPI_LISTING_LAG)
# A call that is real by now is worth some patience with the database.
CONFIRM_SECONDS, CONFIRM_PAUSE = 4.0, 0.5
TAKEN_MEANWHILE = (
    "Vapi placed the call, but meanwhile it was given up here, and its phone taken anew. "
    "Retrying is safe: nobody is called by it."
)


_conversations = PreparedInsert(Conversation)
# Who settles may be another machine: what it goes by is the database's clock.
_calls = PreparedInsert(
    Call, created_at=timedelta(0), lease_until=LEASE, conclusive_at=CONCLUSIVE_AFTER
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


class CallNotConfirmed(Exception):
    """There is no confirmed call; `str()` says why.

    lead_id: whose call it was to be. code: what it means, in the table of coachbot.providers.vapi.
    """

    def __init__(self, message: str, lead_id: uuid.UUID | None = None, code: str = "vapi.silent"):
        super().__init__(message)
        self.lead_id = lead_id
        self.code = code


class CallFailed(CallNotConfirmed):
    """The call was not placed and nothing is left behind."""


class CallUnconfirmed(CallNotConfirmed):
    """It is not known yet whether the call was placed; asking again settles it."""


class LeadIsRinging(Exception):
    """The lead rang, and that call is not over. Nothing is written."""


class IdTaken(Exception):
    """The provider gave a call the id of another one, so it is not known what became of it."""


class TooLate(Refused):
    """So much time has passed since the rows were written that nothing is sent any more."""

    code = "vapi.too_busy"


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
    if _stand(lead) != _stand(step.lead):
        raise gate.NoLongerAllowed
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


def _stand(lead: Lead) -> tuple[object, ...]:
    """Return what of a lead the rules of planned calls go by."""
    return lead.status, lead.phone, lead.closed_as, lead.owner_id


def _new_call(lead: Lead, conversation: Conversation, request_id: str) -> Call:
    call = Call(
        workspace=lead.workspace, lead=lead, conversation=conversation, request_id=request_id
    )
    call.send_by = Deadline(SEND_WITHIN)
    return call


def _next_call(lead: Lead, request_id: str, step: Step | None) -> Call:
    """Return a call to a lead that may have been called before. step: that it is made for."""
    call = _new_call(lead, _conversation_with(lead), request_id)
    call.last_summary = last_summary_of(lead)
    call.callback_notes = step.notes if step else ""
    return call


@transaction.atomic
def _write_counted(call: Call, *inserts: Statement) -> None:
    gate.write_counted(call.workspace, *inserts)
    gate.check_lines(call.workspace)


def _conversation_with(lead: Lead) -> Conversation:
    return Conversation.objects.get_or_create(lead=lead, channel=lead.channel)[0]


def conversation_of(call: Call) -> Conversation:
    """Return the conversation that a call is part of; made for one of the release before."""
    if call.conversation is None:
        call.conversation = _conversation_with(call.lead)
        Call.objects.filter(pk=call.pk).update(conversation=call.conversation)
    return call.conversation


def dial(call: Call, *, deadline: Deadline) -> str:
    """Ask Vapi to place a call that open_call() wrote down. Return Vapi's id of it.

    Raises CallFailed, and then the call is gone, with its lead if that was never accepted;
    Unclear, and then reconcile.resolve_call() finds out what became of it.
    """
    try:
        placed = _ask_vapi(call, deadline)
    except Unclear as error:
        _note_answer(call, error)
        raise
    except (credentials.NotConnected, credentials.CannotUnseal, ProviderError) as error:
        code = _code_of(error)
        withdraw(call, code)
        account.note_refusal(call, code)
        raise CallFailed(str(error), call.lead_id, code) from error
    try:
        confirm(call, placed.call_id, is_blocked=placed.is_blocked)
    except IdTaken as error:
        unclear = Unclear(f"Vapi /call failed: {error}")
        unclear.code = "vapi.silent"
        raise unclear from error
    account.note_placed(call, placed)
    return placed.call_id


def _code_of(
    error: credentials.NotConnected | credentials.CannotUnseal | ProviderError,
) -> str:
    match error:
        case credentials.NotConnected():
            return "vapi.not_connected"
        case credentials.CannotUnseal():
            return "vapi.unreadable_credentials"
    return error.code


def _ask_vapi(call: Call, deadline: Deadline) -> vapi.PlacedCall:
    vapi_account = credentials.vapi_account(call.workspace_id)
    # Whoever judges by `conclusive_at` counts on nothing being sent this late.
    is_late = call.send_by is None or not call.send_by.remaining()
    if is_late or deadline.remaining() < SHORTEST_DISPATCH:
        raise TooLate("Coachbot was too busy to place the call in time.")
    lead = call.lead
    person = person_of(lead, last_summary=call.last_summary, callback_notes=call.callback_notes)
    ids = {"leadId": str(lead.pk), "requestId": call.request_id}
    return vapi.create_call(
        exchanges.door(call.workspace_id, lead_id=lead.pk, phone=lead.phone),
        vapi_account,
        vapi.call_payload(vapi_account, person, attempt_id=str(call.pk), ids=ids),
        timeout=min(settings.VAPI_TIMEOUT, deadline.remaining()),
    )


def last_summary_of(lead: Lead) -> str:
    """Return what was said in the latest call that has a summary."""
    told = lead.calls.exclude(summary="").order_by("-created_at")
    return told.values_list("summary", flat=True).first() or ""


def person_of(lead: Lead, *, last_summary: str = "", callback_notes: str = "") -> vapi.Person:
    """Return what the assistant is told of a lead. last_summary: of the call before.

    callback_notes: why the lead asked for this one.
    """
    return vapi.Person(
        *(lead.name, lead.phone, lead.email, lead.goal, lead.metadata, dict(lead.answers)),
        last_summary=last_summary,
        callback_notes=callback_notes,
    )


def _note_answer(call: Call, error: Unclear) -> None:
    """After an answer, even an unclear one, Vapi is done: only its list may lag behind."""
    if error.status is None:
        return
    lag = timedelta(seconds=settings.VAPI_LISTING_LAG)
    Call.objects.dialing().filter(pk=call.pk).update(conclusive_at=Now() + lag)


def claim(call: Call) -> bool:
    """Take over a dialing call whose lease has run out. Return whether it is ours now."""
    lease = leases.claim(Call.objects.dialing().filter(pk=call.pk), LEASE)
    call.lease_until = lease or call.lease_until
    return lease is not None


def release(call: Call) -> None:
    """Give our lease on a dialing call back, for the next one who asks."""
    leases.release(Call.objects.dialing().filter(pk=call.pk))


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
        Call.objects.filter(pk=call.pk, vapi_call_id=vapi_call_id).update(is_blocked=True)


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
    call.conversation = _conversation_with(call.lead)
    call.status, call.vapi_call_id = CallStatus.IN_PROGRESS, vapi_call_id
    call.is_blocked = is_blocked
    call.created_at = call.dialed_at = call.lease_until = call.conclusive_at = now
    call.save(force_insert=True)
    if is_new:
        events.lead_created(call.lead)
    events.call_started(call.lead, call)
    gate.begin_day(call.workspace_id)
    write_together(gate.place_of_day(call.workspace))  # it counts as far as there is room


@transaction.atomic(durable=True)
def withdraw(call: Call, error_code: str) -> bool:
    """Remove a call that was not placed, and its lead too if that was never accepted; a step that
    it was made by is planned again.

    What such a lead submitted is kept as a refused submission. error_code: why it was not placed.
    Return whether it was still dialing; a confirmed call stays.
    """
    # Locked, so that an event which confirms the call comes either before or too late.
    lead = Lead.objects.select_for_update().filter(pk=call.lead_id).first()
    row = Call.objects.dialing().select_for_update().filter(pk=call.pk).first()
    if row is None:
        return False
    follow_up.after_refusal(row, error_code)
    row.delete()
    if lead and lead.accepted_at is None:
        withdrawn.keep(lead, error_code)
        lead.delete()
    gate.give_place_back(row.workspace_id, row.created_at)
    return True
