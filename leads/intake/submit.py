"""Taking a lead in: THE use case, for the API, a hosted form and the dashboard alike.

The lead is written, the gate is asked, and where it lets the lead pass, the workspace's channel
makes the first contact. Nothing here knows how a channel does that.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.db import IntegrityError, transaction
from django.utils import timezone

from coachbot.db.prepared import PreparedInsert, PreparedQuery, Statement, write_together
from coachbot.deadline import Deadline
from leads import events
from leads.calls.placing import concurrency, lease, withdrawn
from leads.calls.placing.errors import CallFailed
from leads.contact import gate
from leads.contact.planned import steps
from leads.intake import channels, later, twins, wordings
from leads.intake.channels import Contact, FirstContact
from leads.intake.submission import Origin, Submission
from leads.intake.twins import DuplicatePhone
from leads.models import HeldBecause, Lead, LeadStatus, Step
from workspaces.models import Workspace

_leads = PreparedInsert(Lead)


@cache
def _leads_with(spellings: int) -> PreparedQuery:
    """The leads of a workspace with one of so many phones."""
    phone = Lead._meta.get_field("phone")
    return PreparedQuery(
        lambda workspace, *phones: Lead.objects.filter(
            workspace=workspace, phone__in=phones
        ).values_list("pk"),
        Lead._meta.get_field("workspace"),
        *[phone] * spellings,
    )


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

    deadline: of a request that has waited already. Takes up to lease.REQUEST_SECONDS.
    Raises DuplicatePhone, and then what is new in the submission is kept; CallFailed, and then
    nothing is left behind; CallUnconfirmed, and then the same submission again settles it;
    concurrency.TooManyCalls, and then nothing was stored; Workspace.DoesNotExist.
    """
    deadline = deadline or Deadline(lease.REQUEST_SECONDS)
    lead = _new_lead(workspace, submission, origin)
    try:
        return _receive(lead, submission, deadline)
    except DuplicatePhone as duplicate:
        later.keep_news(duplicate.lead, submission, origin)
        raise


def keep_refused(
    *, workspace: Workspace, submission: Submission, origin: Origin, error_code: str
) -> None:
    """Keep a submission that nobody else will send again in the list of refused people.

    error_code: why it could not be taken in, of the table of coachbot.providers.vapi.
    """
    withdrawn.keep(_new_lead(workspace, submission, origin), error_code)


def _receive(lead: Lead, submission: Submission, deadline: Deadline) -> Receipt:
    contact = None if lead.workspace.is_paused else channels.CHANNELS.get(lead.channel)
    if contact is None:  # the gate holds the lead, which needs no place among the calls
        _take_in(lead, submission, deadline, channels.NOBODY)
        return _held(lead)
    try:
        with contact.limited(lead.workspace_id):
            made = _take_in(lead, submission, deadline, contact)
            return _made(lead, contact, made, deadline) if made else _held(lead)
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
        timezone=submission.timezone,
        form_questions=list(submission.form_responses),
        form_wordings=submission.form_wordings or wordings.of(workspace, submission),
        consent_at=origin.consent_at or now,
        consent_source=origin.source,
        consent_address=origin.address,
        consent_evidence=origin.evidence,
        request_id=origin.request_id,
        is_test=origin.is_test,
        came_by=origin.came_by,
        created_at=now,
    )


def _take_in(
    lead: Lead,
    submission: Submission,
    deadline: Deadline,
    contact: FirstContact,
) -> Contact | None:
    """Write the lead, and what is about to be sent to it; None where the gate holds it.

    The database decides who is first of several twins.
    """
    held = gate.rule_against(lead)
    while True:
        try:
            return _write(lead, submission.older_phones, held, contact)
        except gate.NoLongerAllowed:
            held = gate.ask(lead, gate.Purpose.FIRST)
        except IntegrityError:
            twins.await_end(lead.workspace, submission.spellings, deadline)
            # That was a while ago, and the workspace may be deleted.
            held = gate.ask(lead, gate.Purpose.FIRST)
        if deadline.remaining() < lease.SHORTEST_DISPATCH:
            error = CallFailed("An earlier attempt with this phone was not placed. Retry now.")
            withdrawn.keep(lead, error.code)
            raise error


def _write(
    lead: Lead,
    older_phones: Sequence[str],
    held: gate.Held | None,
    contact: FirstContact,
) -> Contact | None:
    """Raises IntegrityError where the phone, or an older spelling of it, is a lead already."""
    lead.held_because = held.code if held else ""
    lead.accepted_at = lead.created_at if held or contact.is_accepted else None
    insert = _insert_of(lead, older_phones)
    if held is None:
        return contact.open(lead, insert)
    _write_held(lead, insert, steps.held_first(lead, held))
    return None


@transaction.atomic
def _write_held(lead: Lead, insert: Statement, step: Step | None) -> None:
    """Write a lead that is not contacted now, and when it will be, where a person need not say."""
    if not write_together(insert):
        raise IntegrityError("The phone is a lead in an older spelling.")
    if step:
        step.save(force_insert=True)
    events.lead_created(lead)


def _insert_of(lead: Lead, older_phones: Sequence[str]) -> Statement:
    """Return the insert of a lead, which writes nothing where an older spelling is one.

    That needs no constraint to hold, as nothing stores older spellings any more.
    """
    if not older_phones:
        return _leads.statement(lead)
    older = _leads_with(len(older_phones)).statement(lead.workspace_id, *older_phones)
    return _leads.statement_unless(older, lead)


def _made(lead: Lead, contact: FirstContact, made: Contact, deadline: Deadline) -> Receipt:
    call_id = contact.send(made, deadline=deadline)
    return Receipt(lead.pk, lead.channel, contact.status, call_id)


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
        raise DuplicatePhone(twin)
    try:
        _write(lead, submission.older_phones, gate.ask(lead, gate.Purpose.FIRST), channels.NOBODY)
    except IntegrityError as error:
        raise concurrency.TooManyCalls from error
