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
from leads.models import Call, HeldBecause, Lead, Step, StepKind, StepState

# Until a step that was woken has come to something, nobody else wakes it.
LEASE = timedelta(seconds=30)
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
    lead: Lead, kind: StepKind, due_at: datetime | None, *, held_because: str = "", notes: str = ""
) -> None:
    """Plan the next contact with a lead, in the place of one that is planned."""
    columns = {
        "kind": kind,
        "due_at": due_at,
        "held_because": held_because,
        "notes": notes,
        "lease_until": None,
    }
    if not lead.steps.planned().update(**columns, updated_at=timezone.now()):
        lead.steps.create(workspace_id=lead.workspace_id, **columns)


def plan_now(workspace_id: int, lead_ids: Sequence[uuid.UUID]) -> None:
    """Have leads contacted as soon as the gate lets them: by what waits for a person, else anew.

    A step that is planned for a time stays.
    """
    columns = {"due_at": clock.now(), "held_because": "", "updated_at": timezone.now()}
    planned = Step.objects.planned().filter(workspace=workspace_id, lead__in=lead_ids)
    planned.filter(due_at=None).update(**columns, lease_until=None)
    known = set(planned.values_list("lead_id", flat=True))
    Step.objects.bulk_create(
        Step(workspace_id=workspace_id, lead_id=lead_id, kind=StepKind.FIRST, **columns)
        for lead_id in lead_ids
        if lead_id not in known
    )


def drop_of(workspace_id: int, lead_ids: Sequence[uuid.UUID]) -> None:
    """Drop what is planned with leads and waits for a person."""
    planned = Step.objects.planned().filter(workspace=workspace_id, lead__in=lead_ids)
    planned.filter(due_at=None).update(state=StepState.DROPPED, updated_at=timezone.now())


def drop(lead: Lead) -> bool:
    """Drop what is planned with a lead. Return whether anything was."""
    return bool(lead.steps.planned().update(state=StepState.DROPPED, updated_at=timezone.now()))


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


def make(step: Step, call: Call) -> bool:
    """Mark a step as made by a call that is written down with it. Return False if it is gone."""
    made = _of(step).filter(due_at__lte=Now())
    return bool(made.update(state=StepState.MADE, call=call, updated_at=timezone.now()))


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


def claim_due(most: int) -> list[int]:
    """Return the ids of steps that are due and that nobody has woken, the newest leads first."""
    due = leases.run_out(Step.objects.planned().filter(due_at__lte=Now()))
    found = due.order_by("-lead__created_at").values_list("pk", flat=True)[:most]
    return [pk for pk in found if leases.claim(Step.objects.planned().filter(pk=pk), LEASE)]


def look_again_at_what_settings_held() -> int:
    """Have steps looked at again whose workspace has other settings since they were held."""
    held = Step.objects.planned().exclude(held_because="").exclude(due_at=None)
    stale = held.filter(updated_at__lt=F("workspace__updated_at"), due_at__gt=Now())
    return int(stale.update(due_at=Now(), lease_until=None, updated_at=timezone.now()))


def _of(step: Step) -> QuerySet[Step]:
    ours: QuerySet[Step] = Step.objects.planned().filter(pk=step.pk)
    return ours
