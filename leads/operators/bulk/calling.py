"""Having many leads called: by planned steps, so that the gate decides of each when, or whether."""

import uuid
from collections.abc import Sequence

from django.utils import timezone

from leads.contact.planned import steps
from leads.models import CallStatus, Lead, LeadStatus, Step, StepKind
from leads.operators.bulk.batches import Done, Skipped, in_batches
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import Membership, Workspace


def call(*, workspace: Workspace, lead_ids: Sequence[uuid.UUID], by: Membership) -> Done:
    """Have leads called that were not reached yet, by the worker, as the gate lets each pass.

    Who was never called is called as if it had just written in; for the others it is the next
    attempt, within the hours of later calls. Nobody is called past hours, limits and lines.
    """

    def call_some(leads: list[Lead], done: Done) -> None:
        first, again = _sorted_out(workspace, leads, done)
        chosen = Lead.objects.filter(pk__in=[lead.pk for lead in (*first, *again)])
        done.number += chosen.update(held_because="", updated_at=timezone.now())
        for kind, some in ((StepKind.FIRST, first), (StepKind.ATTEMPT, again)):
            steps.plan_now(workspace.pk, [lead.pk for lead in some], kind=kind, is_any=True)

    done = in_batches(workspace, lead_ids, call_some)
    record.action(
        workspace_id=workspace.pk, actor=by.user, action=Action.CALL_LEADS, leads=done.number
    )
    return done


def _sorted_out(
    workspace: Workspace, leads: Sequence[Lead], done: Done
) -> tuple[list[Lead], list[Lead]]:
    """Return those that were never called and those that were; count the others with the reason."""
    calls = list(workspace.calls.filter(lead__in=leads).values_list("lead_id", "status"))
    called = {lead_id for lead_id, _ in calls}
    ringing = {lead_id for lead_id, status in calls if status != CallStatus.ENDED}
    planned = {step.lead_id: step for step in Step.objects.planned().filter(lead__in=leads)}
    first: list[Lead] = []
    again: list[Lead] = []
    for lead in leads:
        why = Skipped.RINGS if lead.pk in ringing else _why_not(lead, planned.get(lead.pk))
        if why is None and lead.pk in called and lead.is_with_person:
            why = Skipped.WITH_PERSON
        if why is not None:
            done.skip(why)
        else:
            (again if lead.pk in called else first).append(lead)
    return first, again


def _why_not(lead: Lead, step: Step | None) -> Skipped | None:
    if not lead.workspace.is_voice:
        return Skipped.NO_CALLS
    if lead.is_closed:
        return Skipped.CLOSED
    if lead.is_opted_out:  # the gate asks the list itself
        return Skipped.DO_NOT_CALL
    if lead.status not in (LeadStatus.NEW, LeadStatus.NEEDS_HUMAN):
        return Skipped.TALKED
    if step and step.kind == StepKind.CALLBACK:
        return Skipped.CALLBACK
    if step and step.held_because and step.due_at:
        return Skipped.HELD
    return None
