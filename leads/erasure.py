"""Erasing what is known of people: on request, and by age."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from leads.intake import phones
from leads.intake_addresses import arrivals
from leads.messages import addresses
from leads.models import CallStatus, Message, MessageStatus, RefusedSubmission
from workspaces.log import record
from workspaces.models import Workspace
from workspaces.settings import retention

BATCH = 200


@dataclass
class Erased:
    """How many leads and log rows are gone."""

    leads: int = 0
    log_rows: int = 0


@transaction.atomic(durable=True)
def erase_leads(
    workspace: Workspace, lead_ids: Sequence[uuid.UUID]
) -> tuple[list[uuid.UUID], tuple[str, ...]]:
    """Erase leads with their calls, their messages and what the log holds of them, also of earlier
    attempts.

    Return the ids of those that are gone, and the names of those that stay because they
    are being dialled or written to right now: what comes of it could not be written anywhere.
    """
    # Locked, so that no call can be opened for them from here on.
    leads = list(workspace.leads.accepted().select_for_update().filter(pk__in=lead_ids))
    calls = list(workspace.calls.filter(lead__in=leads).only("lead_id", "status", "request_id"))
    busy = {call.lead_id for call in calls if call.status == CallStatus.DIALING}
    written_to = _sending(workspace).filter(conversation__lead__in=leads)
    busy |= set(written_to.values_list("conversation__lead", flat=True))
    gone = [lead for lead in leads if lead.pk not in busy]
    for lead in gone:
        requests = [call.request_id for call in calls if call.lead_id == lead.pk]
        _forget(workspace, lead.pk, lead.phone, [lead.request_id, *requests])
    workspace.leads.filter(pk__in=[lead.pk for lead in gone]).delete()
    return [lead.pk for lead in gone], tuple(lead.plain_name for lead in leads if lead.pk in busy)


def _sending(workspace: Workspace) -> QuerySet[Message]:
    """Return the messages that are being sent just now."""
    return Message.objects.filter(
        workspace=workspace, status=MessageStatus.SENDING, lease_until__gt=Now()
    )


@transaction.atomic(durable=True)
def erase_refused(refused: RefusedSubmission) -> None:
    """Erase a refused submission and what the log holds of the person."""
    _forget(refused.workspace, refused.lead_id, refused.phone, [refused.request_id])


@transaction.atomic(durable=True)
def erase_stranger(message: Message) -> None:
    """Erase all that a sender wrote who is no lead, and what the log holds of it."""
    workspace = message.workspace
    if phone := addresses.phone_in(message.sender):
        record.forget_phone(workspace.pk, phone)
    workspace.messages.filter(conversation=None, sender=message.sender).delete()


def _forget(workspace: Workspace, lead_id: uuid.UUID, phone: str, request_ids: list[str]) -> None:
    """Erase what is kept of a person beside their lead."""
    spellings = _spellings(phone, workspace.default_country)
    record.forget_lead(workspace.pk, lead_id, phones=spellings, request_ids=request_ids)
    arrivals.forget(workspace, lead_id, spellings=spellings, request_ids=request_ids)
    workspace.refused_submissions.filter(phone__in=spellings).delete()
    # What came before the lead did, or could not be told to be its own.
    unknown = workspace.messages.filter(conversation=None)
    unknown.filter(sender__in=[addresses.of_phone(phone) for phone in spellings]).delete()


def _spellings(phone: str, country: str) -> set[str]:
    """Return every phone under which earlier attempts of a lead may stand in the log."""
    now = phones.read(phone, country=country)
    return {phone, now.number, *now.older_spellings}


def apply_retention(workspace: Workspace, now: datetime) -> Erased:
    """Erase leads and log rows of a workspace that are older than it keeps them.

    Log rows and refused submissions go with the leads of their time, and after
    `log_retention_days` at the latest.
    In batches, each a short transaction: safe to stop at any point and to run twice.
    """
    erased = Erased()
    kept = workspace.retention_days, workspace.log_retention_days
    if cutoff := retention.lead_cutoff(workspace.retention_days, now):
        while lead_ids := _old_leads(workspace, cutoff):
            erased.leads += len(erase_leads(workspace, lead_ids)[0])
    if cutoff := retention.log_cutoff(*kept, now):
        erased.log_rows = record.prune(workspace.pk, cutoff)
        workspace.refused_submissions.filter(created_at__lt=cutoff).delete()
        workspace.messages.filter(conversation=None, created_at__lt=cutoff).delete()
    return erased


def _old_leads(workspace: Workspace, cutoff: datetime) -> list[uuid.UUID]:
    old = workspace.leads.accepted().received_before(cutoff)
    idle = old.exclude(calls__status=CallStatus.DIALING).exclude(
        conversations__messages__in=_sending(workspace)
    )
    return list(idle.order_by("created_at").values_list("pk", flat=True)[:BATCH])
