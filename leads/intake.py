"""Taking a lead in: THE use case, for the API, a hosted form and the dashboard alike."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from coachbot.deadline import Deadline
from coachbot.prepared import PreparedInsert
from leads import attempts, dispatch, lookups, slots
from leads.attempts import CallFailed, CallUnconfirmed
from leads.models import Call, CallStatus, Lead, LeadStatus
from workspaces.models import Workspace

# With less time left than this, a call is not begun: it would only end unclear.
SHORTEST_DISPATCH = 3.0
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.4

_leads = PreparedInsert(Lead)


class DuplicatePhone(Exception):
    """The phone is already a lead of the workspace, and that lead's call is confirmed."""

    def __init__(self, lead_id: uuid.UUID):
        super().__init__("A lead with this phone number already exists in the workspace.")
        self.lead_id = lead_id


@dataclass(frozen=True)
class Submission:
    """What a person submitted, checked and normalised. phone: `+` and digits."""

    name: str
    phone: str
    email: str = ""
    goal: str = ""
    metadata: Mapping = field(default_factory=dict)
    form_responses: Mapping = field(default_factory=dict)


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
    """What became of a submission. vapi_call_id: None where nobody is being called."""

    lead_id: uuid.UUID
    status: str
    vapi_call_id: str | None
    is_queued: bool


def submit_lead(*, workspace: Workspace, submission: Submission, origin: Origin) -> Receipt:
    """Take a lead in and, in a voice workspace whose agent is not paused, call it.

    Takes up to attempts.REQUEST_SECONDS. Raises DuplicatePhone; CallFailed, and then
    nothing is left behind; CallUnconfirmed, and then the same submission again settles it;
    slots.TooManyCalls, and then nothing was stored.
    """
    deadline = Deadline(attempts.REQUEST_SECONDS)
    if not _is_called(workspace):
        lead, _ = _admit(workspace, submission, origin, deadline)
        return Receipt(lead.pk, LeadStatus.NEW, None, is_queued=not workspace.is_paused)
    try:
        with slots.call_slot():
            lead, call = _admit(workspace, submission, origin, deadline)
            vapi_call_id = dispatch.place_call(call, deadline=deadline)
    except slots.TooManyCalls:
        _refuse_duplicate(workspace, submission.phone)
        raise
    return Receipt(lead.pk, CallStatus.IN_PROGRESS, vapi_call_id, is_queued=True)


def _refuse_duplicate(workspace: Workspace, phone: str) -> None:
    """Raise DuplicatePhone where the phone is a confirmed lead: that needs no slot to say."""
    if lead := workspace.leads.accepted().filter(phone=phone).first():
        raise DuplicatePhone(lead.pk)


def _is_called(workspace: Workspace) -> bool:
    return workspace.is_voice and not workspace.is_paused


def _admit(workspace, submission, origin, deadline) -> tuple[Lead, Call | None]:
    """Insert the lead and its call; the database decides who is first of several twins."""
    while True:
        try:
            return _insert(workspace, submission, origin)
        except IntegrityError:
            _await_twin(workspace, submission.phone, deadline)
            Workspace.objects.get(pk=workspace.pk)  # raises where it was deleted meanwhile
        if deadline.remaining() < SHORTEST_DISPATCH:
            raise CallFailed("An earlier attempt with this phone was not placed. Retry now.")


def _insert(workspace, submission, origin) -> tuple[Lead, Call | None]:
    is_called = _is_called(workspace)
    now = timezone.now()
    lead = Lead(
        workspace=workspace,
        channel=workspace.channel,
        name=submission.name,
        phone=submission.phone,
        email=submission.email,
        goal=submission.goal,
        metadata=submission.metadata,
        form_responses=submission.form_responses,
        consent_at=now,
        consent_source=origin.source,
        consent_address=origin.address,
        request_id=origin.request_id,
        created_at=now,
        accepted_at=None if is_called else now,
    )
    if not is_called:
        _leads.insert(lead)
        return lead, None
    with transaction.atomic(durable=True):
        _leads.insert(lead)
        return lead, attempts.open_call(lead, request_id=origin.request_id)


def _await_twin(workspace: Workspace, phone: str, deadline: Deadline) -> None:
    """Wait until a phone is free again. Raises DuplicatePhone once its lead is confirmed.

    A twin that nobody works on any more is settled here and now.
    """
    pause = FIRST_PAUSE
    while True:
        twin = workspace.leads.filter(phone=phone).first()
        if twin is None:
            return
        if twin.accepted_at:
            raise DuplicatePhone(twin.pk)
        _settle_abandoned(twin, deadline)
        if not slots.pause(deadline, pause):
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
        lookups.resolve_call(call, deadline=deadline)
    except CallFailed:
        return  # withdrawn: the phone is free for the submission that waits here
