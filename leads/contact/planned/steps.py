"""The steps of leads: planned, held, dropped, given back. Whether one may be made is the gate's.

Each is a short write. Where a lead's state decides, its row is locked by whoever calls.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from coachbot.db import clock, leases
from leads.contact.rules import Held, Purpose
from leads.models import (
    Call,
    HeldBecause,
    Lead,
    LeadStatus,
    Message,
    Step,
    StepKind,
    StepState,
)

# Where a lead may stand for a step of a kind; elsewhere its reason is gone, and so is the step.
NOT_REACHED = (LeadStatus.NEW, LeadStatus.NEEDS_HUMAN)
STANDS = {
    StepKind.FIRST: NOT_REACHED,
    StepKind.ATTEMPT: NOT_REACHED,
    StepKind.RETRY: NOT_REACHED,
    StepKind.CALLBACK: (*NOT_REACHED, LeadStatus.IN_CONVERSATION),
}
PURPOSES = {
    StepKind.FIRST: Purpose.FIRST,
    StepKind.ATTEMPT: Purpose.PLANNED,
    StepKind.RETRY: Purpose.PLANNED,
    StepKind.CALLBACK: Purpose.CALLBACK,
}


def held_first(lead: Lead, held: Held) -> Step | None:
    """Return the step of a new lead that is not written yet, None where a person decides."""
    if held.until is None:
        return None
    return Step(
        workspace=lead.workspace,
        lead=lead,
        kind=StepKind.FIRST,
        due_at=held.until,
        held_because=held.code,
        updated_at=timezone.now(),
    )


def plan(
    lead: Lead,
    kind: StepKind,
    due_at: datetime | None,
    *,
    held_because: str = "",
    again: Step | None = None,
) -> None:
    """Plan the next contact with a lead, in the place of one that is planned.

    again: a call-back that did not reach the lead; the step is one too, in the place of its kind.
    """
    columns = {
        "kind": kind,
        "due_at": due_at,
        "held_because": held_because,
        "notes": "",
        "lease_until": None,
    }
    if again:
        columns |= {"kind": again.kind, "notes": again.notes, "created_at": again.created_at}
    if not lead.steps.planned().update(**columns, updated_at=timezone.now()):
        lead.steps.create(workspace_id=lead.workspace_id, **columns)


def plan_callback(lead: Lead, due_at: datetime, *, notes: str) -> None:
    """Plan a call for which a time was asked, in the place of what is planned: a row of its own,
    as it counts when it was asked for.
    """
    drop(lead)
    lead.steps.create(
        workspace_id=lead.workspace_id,
        kind=StepKind.CALLBACK,
        due_at=due_at,
        held_because=HeldBecause.CALLBACK_REQUESTED,
        notes=notes,
        created_at=Now(),
    )


def callback_of(lead: Lead) -> Step | None:
    """Return the call-back that is planned with a lead."""
    found: Step | None = lead.steps.planned().filter(kind=StepKind.CALLBACK).first()
    return found


def plan_now(
    workspace_id: int,
    lead_ids: Sequence[uuid.UUID],
    *,
    kind: StepKind = StepKind.FIRST,
    is_any: bool = False,
) -> None:
    """Have leads contacted as soon as the gate lets them: by what waits for a person, else anew.

    kind: of a step that is made. is_any: by what is planned for a time, too; else that stays.
    """
    columns = {"due_at": clock.now(), "held_because": "", "updated_at": timezone.now()}
    planned = Step.objects.planned().filter(workspace=workspace_id, lead__in=lead_ids)
    (planned if is_any else planned.filter(due_at=None)).update(**columns, lease_until=None)
    known = set(planned.values_list("lead_id", flat=True))
    Step.objects.bulk_create(
        Step(workspace_id=workspace_id, lead_id=lead_id, kind=kind, **columns)
        for lead_id in lead_ids
        if lead_id not in known
    )


def drop_of(workspace_id: int, lead_ids: Sequence[uuid.UUID]) -> None:
    """Drop what is planned with leads and waits for a person."""
    planned = Step.objects.planned().filter(workspace=workspace_id, lead__in=lead_ids)
    planned.filter(due_at=None).drop()


def drop(lead: Lead) -> bool:
    """Drop what is planned with a lead. Return whether anything was."""
    return drop_of_leads(Lead.objects.filter(pk=lead.pk)) > 0


def drop_attempt(lead: Lead) -> bool:
    """Do the same, but for a call that the lead asked for."""
    return bool(lead.steps.planned().exclude(kind=StepKind.CALLBACK).drop())


def drop_callback(lead: Lead) -> None:
    """Drop the call-back that is planned with a lead; what else is planned stands."""
    lead.steps.planned().filter(kind=StepKind.CALLBACK).drop()


def drop_of_leads(leads: QuerySet[Lead]) -> int:
    """Drop what is planned with some leads. Return of how many anything was."""
    return int(Step.objects.planned().filter(lead__in=leads).drop())


def skip(step: Step) -> bool:
    """Leave an attempt out: it counts as if it had been made. Return False if it is gone."""
    skipped = _of(step).update(state=StepState.SKIPPED, updated_at=timezone.now())
    return bool(skipped)


def hold(step: Step, held: Held) -> None:
    """Put a step off until its rule may have changed, or for a person to decide."""
    if held.code == HeldBecause.DO_NOT_CALL:
        drop(step.lead)
        return
    _of(step).update(
        due_at=held.until, held_because=held.code, lease_until=None, updated_at=timezone.now()
    )


def postpone(step: Step, seconds: float) -> None:
    """Have a step looked at again soon."""
    later = leases.until(timedelta(seconds=seconds))
    _of(step).update(due_at=later, lease_until=None, updated_at=timezone.now())


def make(step: Step, *, call: Call | None = None, message: Message | None = None) -> bool:
    """Mark a step as made by a call, or a message, that is written down with it. Return False if
    it is gone.
    """
    made = _of(step).filter(due_at__lte=Now())
    by = {"call": call, "message": message}
    return bool(made.update(state=StepState.MADE, **by, updated_at=timezone.now()))


def give_back(call: Call, *, due_at: datetime | None, held_because: str = "") -> None:
    """Plan the step of a call anew that was not placed after all."""
    Step.objects.filter(call=call, state=StepState.MADE).update(
        state=StepState.PLANNED,
        call=None,
        due_at=due_at,
        held_because=held_because,
        lease_until=None,
        tries=F("tries") + 1,
        updated_at=timezone.now(),
    )


def _of(step: Step) -> QuerySet[Step]:
    ours: QuerySet[Step] = Step.objects.planned().filter(pk=step.pk)
    return ours
