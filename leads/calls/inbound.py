"""Calls that come in: whose they are, what the assistant is told, and their rows.

A lead is known by the number that it rings from. Whoever is not known gets the assistant and
nothing else: no lead, no row. The answer must not wait: Vapi gives the whole of it 7.5 seconds.
"""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, OperationalError

from coachbot.db import clock
from coachbot.db.lock_waits import hurried_transaction
from coachbot.providers.vapi import client as vapi
from coachbot.providers.vapi import inbound
from coachbot.providers.vapi.client import read_id
from coachbot.providers.vapi.events import Ids
from coachbot.providers.vapi.inbound import Ring
from leads import events
from leads.calls import person
from leads.contact.do_not_call import opt_outs
from leads.intake import phones
from leads.models import Call, CallStatus, Conversation, Direction, Lead
from workspaces.connections import credentials
from workspaces.log import record
from workspaces.models import Channel, LogKind, Outcome, Workspace

logger = logging.getLogger(__name__)

CODE = "vapi.assistant_request"
# For each lock; the lead may be in the hands of others. What is not filed now is so a moment later.
LOCK_SECONDS = 1.0
# Said to whoever rings a number of a workspace whose account cannot be used.
NOBODY_ANSWERS = "Sorry, nobody can take your call right now. Please try again a little later."


@dataclass(frozen=True)
class Answer:
    """Who answers a call: what Vapi is told. lead_id: who rings, None where that is not known."""

    told: Mapping[str, Any]
    lead_id: uuid.UUID | None = None


def answer(workspace_id: int, ids: Ids) -> Answer:
    """Say who answers a call that comes in, and file it under the lead that rings.

    ids: of an AssistantRequest. Neither a pause nor the do-not-call list keeps anybody from being
    answered: it is they who ring. Repeated for the same call, it answers the same.
    """
    try:
        account = credentials.vapi_account(workspace_id)
    except (credentials.NotConnected, credentials.CannotUnseal) as error:
        _log(workspace_id, ids, Outcome.FAILED, error=str(error))
        return Answer(inbound.refusal(NOBODY_ANSWERS))
    lead = _lead_at(workspace_id, ids, account)
    found = Answer(inbound.assistant(account.assistant_id))
    if lead is not None:
        call_ids = _ids(lead, _file_in_time(lead, ids.call_id))
        told = inbound.assistant(account.assistant_id, vapi.overrides(_person(lead), call_ids))
        found = Answer(told, lead.pk)
    _log(workspace_id, ids, Outcome.SUCCEEDED, lead_id=found.lead_id)
    return found


def _person(lead: Lead) -> vapi.Person:
    """Return what the assistant is told of a lead that rings, or of whoever has forged its number:
    nothing that was told in confidence, but for what the call before was about.
    """
    known = person.person_of(lead, last_summary=person.last_summary_of(lead))
    return replace(known, email="", metadata={}, form_responses={})


def file_call(workspace_id: int, ids: Ids) -> Call | None:
    """Return the row of a call that came in, made if need be; None where no lead rang.

    ids: of a message about it, with a ring. Vapi may not have asked who answers, or in vain.
    Raises OperationalError.
    """
    try:
        account = credentials.vapi_account(workspace_id)
    except (credentials.NotConnected, credentials.CannotUnseal):
        return None
    lead = _lead_at(workspace_id, ids, account)
    return _file(lead, ids.call_id) if lead else None


def _lead_at(workspace_id: int, ids: Ids, account: vapi.Account) -> Lead | None:
    """Return the lead that rings the number of an account; None for anybody else."""
    is_ours = ids.ring is not None and ids.ring.is_at(account.phone_number_id)
    # Without Vapi's id of the call nothing that is told of it could be told from other calls.
    if ids.ring is None or not is_ours or not read_id({"id": ids.call_id}):
        return None
    return find_lead(workspace_id, ids.ring)


def find_lead(workspace_id: int, ring: Ring) -> Lead | None:
    """Return the lead of a workspace whose phone a number is, in any spelling; None without one."""
    workspace = Workspace.objects.get(pk=workspace_id)
    try:
        number = phones.normalise(ring.caller, country=workspace.default_country)
        spellings = opt_outs.stored_spellings(number)
    except phones.BadPhone:
        return None
    found = workspace.leads.accepted().filter(phone__in=spellings).newest_first()
    leads = list(found.select_related("workspace"))
    return next((lead for lead in leads if lead.phone == number), leads[0] if leads else None)


def _file_in_time(lead: Lead, vapi_call_id: str) -> Call | None:
    """File a call; None where the lead is in other hands too long, and the next message will."""
    try:
        return _file(lead, vapi_call_id)
    except OperationalError:
        logger.exception("A call of lead %s could not be filed yet", lead.pk)
        return None


def _file(lead: Lead, vapi_call_id: str) -> Call | None:
    """Return the row of a lead's own call; None where the lead is gone, or the call another's."""
    try:
        with hurried_transaction(LOCK_SECONDS):
            # Locked, so that no call to the lead is opened meanwhile.
            if not Lead.objects.select_for_update(no_key=True).filter(pk=lead.pk).first():
                return None
            known = Call.objects.filter(vapi_call_id=vapi_call_id).first()
            if known:
                return _of_lead(known, lead)
            call = _write(lead, vapi_call_id)
            events.call_started(lead, call)
            return call
    except IntegrityError:  # a twin of the message was quicker
        return _of_lead(Call.objects.filter(vapi_call_id=vapi_call_id).first(), lead)


def _of_lead(call: Call | None, lead: Lead) -> Call | None:
    is_same = call is not None and call.lead_id == lead.pk and call.is_inbound
    return call if is_same else None


def _write(lead: Lead, vapi_call_id: str) -> Call:
    conversation, _ = Conversation.objects.get_or_create(lead=lead, channel=Channel.VOICE)
    now = clock.now()
    return Call.objects.create(
        workspace_id=lead.workspace_id,
        lead=lead,
        conversation=conversation,
        direction=Direction.INBOUND,
        status=CallStatus.IN_PROGRESS,
        vapi_call_id=vapi_call_id,
        lease_until=now,
        conclusive_at=now,
        dialed_at=now,
        created_at=now,
    )


def _ids(lead: Lead, call: Call | None) -> dict[str, str]:
    """Return what comes back in every message about the call."""
    return {"leadId": str(lead.pk), **({"attemptId": str(call.pk)} if call else {})}


def _log(
    workspace_id: int,
    ids: Ids,
    outcome: Outcome,
    *,
    lead_id: uuid.UUID | None = None,
    error: str = "",
) -> None:
    """Write who asked; not from which number, as there is no lead to erase it with.

    A row for which there is no time is lost, and reported.
    """
    try:
        with hurried_transaction(LOCK_SECONDS):
            record.row(
                workspace_id=workspace_id,
                kind=LogKind.PROVIDER_EVENT,
                code=CODE,
                action="Vapi assistant-request",
                outcome=outcome,
                lead_id=lead_id,
                error=error,
                request={"callId": ids.call_id[:64], "isLead": lead_id is not None},
            )
    except OperationalError:
        logger.exception("Could not write the log row %s in time", CODE)
