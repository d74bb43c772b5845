"""What Vapi's messages do to calls and leads. A call only moves forward; leads.status says how
its lead follows.
"""

import uuid

from django.db import IntegrityError, transaction

from coachbot.providers.vapi.events import LOOK_UP, CallNews, Ids
from leads import status
from leads.calls import ends, inbound, outcomes, progress, transfers, waiting
from leads.calls.placing import account, confirming
from leads.contact import breaker, lines
from leads.contact.planned import follow_up
from leads.models import Call, CallStatus, Lead, StatusReason
from workspaces.log import record
from workspaces.models import LogKind, Outcome


class NoSuchCall(LookupError):
    """The workspace has no call with these ids; `str()` says so."""


class UnknownCaller(NoSuchCall):
    """Somebody rang who is no lead of the workspace. That is no fault of anybody's."""


def apply_event(workspace_id: int, news: CallNews) -> Call:
    """Write what a message says into its call and lead; nothing twice, nothing backwards.

    Raises NoSuchCall, and OperationalError while the database is away.
    """
    return apply_news(find_call(workspace_id, news.ids), news)


def find_call(workspace_id: int, ids: Ids) -> Call:
    """Return the call of a message: by Vapi's id of it, else by the id that we sent along.

    A message may come before Vapi's answer to our request; then it confirms the call. A call that
    a lead made is filed by it, where that is not done. Raises NoSuchCall, and OperationalError.
    """
    calls = Call.objects.filter(workspace_id=workspace_id)
    call = calls.filter(vapi_call_id=ids.call_id).first() if ids.call_id else None
    if call is None and (attempt_id := _uuid(ids.attempt_id)):
        call = calls.filter(pk=attempt_id).first()
        if call and ids.call_id and not call.vapi_call_id:
            _adopt(call, ids.call_id)
    if call is None and ids.ring:
        call = inbound.file_call(workspace_id, ids)
        if call is None:
            raise UnknownCaller("No lead of this workspace has the number of the caller.")
    if call is None or (ids.call_id or call.vapi_call_id) != call.vapi_call_id:
        raise NoSuchCall("No call of this workspace has the id in the message.")
    return call


def _adopt(call: Call, vapi_call_id: str) -> None:
    """Take Vapi's id of a call from a message. Raises NoSuchCall where it is another's."""
    if len(vapi_call_id) > (Call._meta.get_field("vapi_call_id").max_length or 0):
        raise NoSuchCall("The call id in the message is longer than any of Vapi's.")
    try:
        confirming.confirm(call, vapi_call_id)
        # A call given up as unconfirmed is over already, and is real all the same.
        Call.objects.filter(pk=call.pk, vapi_call_id=None).update(vapi_call_id=vapi_call_id)
    except (IntegrityError, confirming.IdTaken) as error:
        raise NoSuchCall("The call id in the message belongs to another call.") from error
    call.refresh_from_db()


def apply_news(call: Call, news: CallNews) -> Call:
    """Write news about a known call. Raises NoSuchCall where it was deleted meanwhile."""
    if not progress.learn(call, news):
        return call  # facts are never forgotten, so what was known when we read is known
    call, has_changed = _write(call, news)
    if has_changed:
        _log(call, news)
    return call


@transaction.atomic(durable=True)
def _write(call: Call, news: CallNews) -> tuple[Call, bool]:
    # The lead first, as erasing does: else the two could wait for each other. And two
    # calls' late messages must not each judge the lead without the other.
    lead = Lead.objects.select_for_update().filter(pk=call.lead_id).first()
    locked = Call.objects.select_for_update().filter(pk=call.pk).first()
    if lead is None or locked is None:
        raise NoSuchCall("The lead of the call has been deleted.")
    ending_before, started_before = locked.ending, locked.started_at
    has_changed = progress.learn(locked, news)
    if has_changed:
        locked.save(update_fields=progress.COLUMNS)
        _judge_lead(lead, locked)
        if locked.ending != ending_before:
            transfers.judge(locked)
        if locked.is_over:
            note_end(lead, locked)
        else:
            outcomes.note_contact(lead)
        if locked.is_blocked and locked.started_at and not started_before:
            lines.note_begun(lead.workspace_id)  # last, as it locks the workspace
    return locked, has_changed


def note_end(lead: Lead, call: Call) -> None:
    """Plan what follows a call, where it is over. In the transaction that says so."""
    if call.status != CallStatus.ENDED:
        return
    if call.used_budget is None:  # nothing told of its end before
        call.workspace = lead.workspace
        if not call.is_inbound:
            account.note_end(call)  # locks the workspace, which comes before the count of the day
        waiting.let_in_soon(call.workspace_id)
    outcomes.note_latest(lead)
    lead.refresh_from_db(fields=["status", "unreached_at"])
    follow_up.after_call(lead, call, was_reached=progress.was_reached(call))
    outcomes.note_contact(lead)
    ends.note(lead, call)


def _judge_lead(lead: Lead, call: Call) -> None:
    """Let the lead follow its calls: in conversation if one of them reached the person."""
    if progress.was_reached(call):
        if status.move(lead.pk, StatusReason.REACHED) and not call.is_inbound:
            call.workspace = lead.workspace
            breaker.note_picked_up(call)
    elif call.status == CallStatus.ENDED and not any(map(progress.was_reached, lead.calls.all())):
        status.move(lead.pk, StatusReason.NOT_REACHED)


def _log(call: Call, news: CallNews) -> None:
    record.row(
        workspace_id=call.workspace_id,
        kind=LogKind.PROVIDER_REQUEST if news.kind == LOOK_UP else LogKind.PROVIDER_EVENT,
        code=event_code(news.kind),
        action=f"Vapi {news.kind}",
        outcome=Outcome.SUCCEEDED,
        lead_id=call.lead_id,
        request={
            "callId": news.ids.call_id,
            "status": news.status,
            "endedReason": news.ended_reason or news.hung_up_reason or None,
        },
        response={"call": call.status, "endedReason": call.ended_reason or None},
    )


def event_code(kind: str) -> str:
    """Return the code in the log of what a message, or a look-up, told: `vapi.status_update`."""
    return "vapi.get_call" if kind == LOOK_UP else f"vapi.{kind.replace('-', '_')}"


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
