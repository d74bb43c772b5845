"""Taking a lead in: THE use case, for the API, a hosted form and the dashboard alike."""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.db import DataError, IntegrityError
from django.utils import timezone

from coachbot.db.prepared import PreparedInsert, PreparedQuery
from coachbot.deadline import Deadline
from leads.calls import (
    attempts,
    concurrency,
    place,
    reconcile,
)
from leads.calls.attempts import CallFailed, CallUnconfirmed
from leads.intake.submission import Submission
from leads.models import Call, CallStatus, Lead, LeadStatus
from workspaces.log import record
from workspaces.models import LogEntry, Workspace

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.4

_leads = PreparedInsert(Lead)


@cache
def _leads_with(spellings: int) -> PreparedQuery:
    """The leads of a workspace with one of so many phones."""
    phone = Lead._meta.get_field("phone")
    return PreparedQuery(
        lambda workspace, *phones: Lead.objects.filter(workspace=workspace, phone__in=phones),
        Lead._meta.get_field("workspace"),
        *[phone] * spellings,
    )


class DuplicatePhone(Exception):
    """The phone is already a lead of the workspace, and that lead's call is confirmed."""

    def __init__(self, lead_id: uuid.UUID):
        super().__init__("A lead with this phone number already exists in the workspace.")
        self.lead_id = lead_id


@dataclass(frozen=True)
class Origin:
    """Where a submission came from: the evidence of consent, and the request it came with.

    source: such as `api_key:1a2b3c4d`. address: IP, or None.
    """

    source: str
    address: str | None
    request_id: str


@dataclass(frozen=True)
class Receipt:
    """What became of a submission. vapi_call_id: None where nobody is being called.

    is_recorded: the log row of the witness is written.
    """

    lead_id: uuid.UUID
    status: str
    vapi_call_id: str | None
    is_queued: bool
    is_recorded: bool = False


def submit_lead(
    *,
    workspace: Workspace,
    submission: Submission,
    origin: Origin,
    deadline: Deadline | None = None,
    witness: Callable[[Receipt], LogEntry] | None = None,
) -> Receipt:
    """Take a lead in and, in a voice workspace whose agent is not paused, call it.

    deadline: of a request that has waited already.
    witness: makes the log row of a submission that went well, which is written together with
    the lead, or with the confirmation of its call.

    Takes up to attempts.REQUEST_SECONDS. Raises DuplicatePhone; CallFailed, and then
    nothing is left behind; CallUnconfirmed, and then the same submission again settles it;
    concurrency.TooManyCalls, and then nothing was stored.
    """
    deadline = deadline or Deadline(attempts.REQUEST_SECONDS)
    _refuse_older_spelling(workspace, submission.older_phones, deadline)
    if not _is_called(workspace):
        lead = _new_lead(workspace, submission, origin)
        receipt = Receipt(lead.pk, LeadStatus.NEW, None, is_queued=not workspace.is_paused)
        is_recorded = _admit_uncalled(lead, witness and witness(receipt), deadline)
        return replace(receipt, is_recorded=is_recorded)
    try:
        with concurrency.call_slot():
            return _admit_called(_new_lead(workspace, submission, origin), witness, deadline)
    except concurrency.TooManyCalls:
        _refuse_duplicate(workspace, submission.phone)
        raise


def _refuse_older_spelling(workspace: Workspace, spellings: Sequence[str], deadline: Deadline):
    """Raise DuplicatePhone where the phone is a lead that was stored in an older spelling.

    Nothing stores these any more, so that needs no constraint to hold; but a process of the
    release before may be placing a call to one just now.
    """
    if spellings and _leads_with(len(spellings)).first(workspace.pk, *spellings):
        _await_twin(workspace, spellings, deadline)


def _refuse_duplicate(workspace: Workspace, phone: str) -> None:
    """Raise DuplicatePhone where the phone is a confirmed lead: that needs no slot to say."""
    if lead := workspace.leads.accepted().filter(phone=phone).first():
        raise DuplicatePhone(lead.pk)


def _is_called(workspace: Workspace) -> bool:
    return workspace.is_voice and not workspace.is_paused


def _new_lead(workspace, submission, origin) -> Lead:
    """Return a lead that is not written yet."""
    now = timezone.now()
    return Lead(
        workspace=workspace,
        channel=workspace.channel,
        name=submission.name,
        phone=submission.phone,
        email=submission.email,
        goal=submission.goal,
        metadata=submission.metadata,
        form_responses=submission.form_responses,
        form_questions=list(submission.form_responses),
        consent_at=now,
        consent_source=origin.source,
        consent_address=origin.address,
        request_id=origin.request_id,
        created_at=now,
        accepted_at=None if _is_called(workspace) else now,
    )


def _admit(lead: Lead, insert: Callable, deadline: Deadline):
    """Return what insert() returns; the database decides who is first of several twins."""
    while True:
        try:
            return insert()
        except IntegrityError:
            _await_twin(lead.workspace, [lead.phone], deadline)
            Workspace.objects.get(pk=lead.workspace_id)  # raises where it was deleted meanwhile
        if deadline.remaining() < attempts.SHORTEST_DISPATCH:
            raise CallFailed("An earlier attempt with this phone was not placed. Retry now.")


def _admit_called(lead: Lead, witness, deadline: Deadline) -> Receipt:
    """Insert a lead with a call, and place that."""

    def receipt(vapi_call_id: str, **fields) -> Receipt:
        return Receipt(lead.pk, CallStatus.IN_PROGRESS, vapi_call_id, is_queued=True, **fields)

    call = _admit(lead, lambda: _insert_with_call(lead), deadline)
    placed = place.place_call(
        call,
        deadline=deadline,
        witness=witness and (lambda vapi_call_id: witness(receipt(vapi_call_id))),
    )
    return receipt(placed.vapi_call_id, is_recorded=placed.is_recorded)


def _insert_with_call(lead: Lead) -> Call:
    return attempts.open_call_with(_leads, lead, request_id=lead.request_id)


def _admit_uncalled(lead: Lead, entry: LogEntry | None, deadline: Deadline) -> bool:
    """Insert a lead with its log row. Return whether that one was written too.

    A log row that the database refuses does not keep the lead out.
    """
    if entry is not None:
        try:
            record.write_with([entry], _leads.statement(lead))
            return True
        except IntegrityError:
            _await_twin(lead.workspace, [lead.phone], deadline)
        except DataError:
            logger.exception("The log takes no row about lead %s", lead.pk)
    _admit(lead, lambda: _leads.insert(lead), deadline)
    return False


def _await_twin(workspace: Workspace, spellings: Sequence[str], deadline: Deadline) -> None:
    """Wait until a phone is free again. Raises DuplicatePhone once its lead is confirmed.

    spellings: those under which the lead may be stored.
    A twin that nobody works on any more is settled here and now.
    """
    pause = FIRST_PAUSE
    while True:
        twin = workspace.leads.filter(phone__in=spellings).first()
        if twin is None:
            return
        if twin.accepted_at:
            raise DuplicatePhone(twin.pk)
        _settle_abandoned(twin, deadline)
        if not concurrency.pause(deadline, pause):
            raise CallUnconfirmed(
                "Another request is still placing the call to this phone. "
                "Retrying is safe: nobody is called twice."
            )
        pause = min(LONGEST_PAUSE, pause * 1.5)


def _settle_abandoned(twin: Lead, deadline: Deadline) -> None:
    call = twin.calls.dialing().first()
    if call is None or not attempts.claim(call):
        return
    try:
        reconcile.resolve_call(call, deadline=deadline)
    except CallFailed:
        return  # withdrawn: the phone is free for the submission that waits here
