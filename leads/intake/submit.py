"""Taking a lead in: THE use case, for the API, a hosted form and the dashboard alike.

The lead is written, the gate is asked, and where it lets the lead pass, the workspace's channel
makes the first contact. Nothing here knows how a channel does that.
"""

import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache

from django.db import IntegrityError
from django.utils import timezone

from coachbot.db import connections
from coachbot.db.prepared import PreparedInsert, PreparedQuery
from coachbot.deadline import Deadline
from coachbot.providers import Unclear
from leads.calls import concurrency, place, reconcile
from leads.calls.place import CallFailed, CallUnconfirmed
from leads.contact import gate
from leads.intake.submission import Origin, Submission
from leads.models import Call, CallStatus, HeldBecause, Lead, LeadStatus
from workspaces.models import Channel, Workspace

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
    """The phone is already a lead of the workspace, and that lead is accepted."""

    def __init__(self, lead_id: uuid.UUID):
        super().__init__("A lead with this phone number already exists in the workspace.")
        self.lead_id = lead_id


@dataclass(frozen=True)
class FirstContact:
    """How a channel makes the first contact with a lead.

    limited: the bound within which it is made. open: writes a new lead down, and what is about to
    be sent. send: sends it. settle: finds out what became of it where that is unclear.
    """

    limited: Callable[[], AbstractContextManager[None]]
    open: Callable[[Lead], Call]
    send: Callable[..., str]
    settle: Callable[..., str]


CHANNELS: dict[str, FirstContact] = {
    Channel.VOICE: FirstContact(
        limited=concurrency.limited,
        open=place.open_first_call,
        send=place.dial,
        settle=reconcile.resolve_call,
    ),
}


@dataclass(frozen=True)
class Receipt:
    """What became of a submission.

    status: of the call where one is being placed, else of the lead. call_id: the provider's, None
    where nobody is called. held_because: which rule of the workspace keeps it from being contacted.
    """

    lead_id: uuid.UUID
    channel: str
    status: str
    call_id: str | None = None
    held_because: HeldBecause | None = None


def submit_lead(
    *,
    workspace: Workspace,
    submission: Submission,
    origin: Origin,
    deadline: Deadline | None = None,
) -> Receipt:
    """Take a lead in and contact it, unless a rule of the workspace forbids that now.

    deadline: of a request that has waited already.

    Takes up to place.REQUEST_SECONDS. Raises DuplicatePhone; CallFailed, and then nothing is
    left behind; CallUnconfirmed, and then the same submission again settles it;
    concurrency.TooManyCalls, and then nothing was stored; Workspace.DoesNotExist.
    """
    deadline = deadline or Deadline(place.REQUEST_SECONDS)
    lead = _new_lead(workspace, submission, origin)
    contact = None if workspace.is_paused else CHANNELS.get(lead.channel)
    if contact is None:  # the gate holds the lead, which needs no place among the calls
        _take_in(lead, submission, deadline, _refuse)
        return _held(lead)
    try:
        with contact.limited():
            call = _take_in(lead, submission, deadline, contact.open)
            return _send(lead, call, contact, deadline) if call else _held(lead)
    except concurrency.TooManyCalls:
        _take_in_without_call(lead, submission)
        return _held(lead)


def _new_lead(workspace: Workspace, submission: Submission, origin: Origin) -> Lead:
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
    )


def _take_in(
    lead: Lead, submission: Submission, deadline: Deadline, open_contact: Callable[[Lead], Call]
) -> Call | None:
    """Write the lead, and what is about to be sent to it; None where the gate holds it.

    The database decides who is first of several twins. An older spelling of the phone needs no
    constraint to hold, as nothing stores these any more.
    """
    older = submission.older_phones
    if older and _leads_with(len(older)).first(lead.workspace_id, *older):
        _await_twin(lead.workspace, older, deadline)
    while True:
        try:
            return _write(lead, open_contact)
        except gate.GateHasClosed:
            pass  # the gate says so itself now
        except IntegrityError:
            _await_twin(lead.workspace, [lead.phone], deadline)
            Workspace.objects.get(pk=lead.workspace_id)  # raises where it was deleted meanwhile
        if deadline.remaining() < place.SHORTEST_DISPATCH:
            raise CallFailed("An earlier attempt with this phone was not placed. Retry now.")


def _write(lead: Lead, open_contact: Callable[[Lead], Call]) -> Call | None:
    held = gate.ask(lead)
    if held is None:
        return open_contact(lead)
    lead.held_because, lead.accepted_at = held, lead.created_at
    _leads.insert(lead)
    return None


def _send(lead: Lead, call: Call, contact: FirstContact, deadline: Deadline) -> Receipt:
    try:
        call_id = contact.send(call, deadline=deadline)
    except Unclear as error:
        call_id = contact.settle(call, deadline=deadline, because=error)
    return Receipt(lead.pk, lead.channel, CallStatus.IN_PROGRESS, call_id)


def _held(lead: Lead) -> Receipt:
    return Receipt(
        lead.pk, lead.channel, LeadStatus.NEW, held_because=HeldBecause(lead.held_because)
    )


def _take_in_without_call(lead: Lead, submission: Submission) -> None:
    """Take in, while no more calls may be placed, what would not be called in any case.

    Raises DuplicatePhone, and concurrency.TooManyCalls.
    """
    twins = lead.workspace.leads.accepted().filter(phone__in=submission.spellings)
    if twin := twins.first():
        raise DuplicatePhone(twin.pk)
    try:
        _write(lead, _refuse)
    except IntegrityError as error:
        raise concurrency.TooManyCalls from error


def _refuse(lead: Lead) -> Call:
    raise concurrency.TooManyCalls


def _await_twin(workspace: Workspace, spellings: Sequence[str], deadline: Deadline) -> None:
    """Wait until a phone is free again. Raises DuplicatePhone once its lead is accepted.

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
        if not connections.pause(deadline, pause):
            raise CallUnconfirmed(
                "Another request is still placing the call to this phone. "
                "Retrying is safe: nobody is called twice."
            )
        pause = min(LONGEST_PAUSE, pause * 1.5)


def _settle_abandoned(twin: Lead, deadline: Deadline) -> None:
    call = twin.calls.dialing().first()
    if call is None or not place.claim(call):
        return
    try:
        reconcile.resolve_call(call, deadline=deadline)
    except CallFailed:
        return  # withdrawn: the phone is free for the submission that waits here
