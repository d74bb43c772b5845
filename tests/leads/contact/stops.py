"""What stops a planned call, set while a worker holds its step: races, and who won them."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connections
from django.utils import timezone

from leads import erasure, status
from leads.calls import due
from leads.contact.do_not_call import opt_outs
from leads.contact.planned import steps
from leads.models import Call, ClosedAs, Lead, StatusReason, StepKind, Way
from leads.operators import closing, handing
from tests.factories import make_lead, make_user
from workspaces.models import Workspace

# Longer than a worker takes from its first look at a step to the call.
LONGEST_PAUSE = 0.04

Stop = Callable[[Lead], object]


def _by_member(lead: Lead):
    return make_user(lead.workspace).memberships.get()


STOPS: dict[str, Stop] = {
    "reached": lambda lead: status.move(lead.pk, StatusReason.REACHED),
    "booked": lambda lead: status.move(lead.pk, StatusReason.APPOINTMENT_MADE),
    "unqualified": lambda lead: status.move(lead.pk, StatusReason.DOES_NOT_QUALIFY),
    "with a person": lambda lead: handing.take_over(lead=lead, by=_by_member(lead)),
    "deleted": lambda lead: erasure.erase_leads(lead.workspace, [lead.pk]),
    "opted out": lambda lead: opt_outs.add(lead.workspace, [lead.phone], way=Way.ASSISTANT),
    "closed": lambda lead: closing.close(lead=lead, closed_as=ClosedAs.LOST, by=_by_member(lead)),
    "paused": lambda lead: _pause(lead.workspace, True),
}


def _pause(workspace: Workspace, is_paused: bool) -> None:
    Workspace.objects.filter(pk=workspace.pk).update(is_paused=is_paused, updated_at=timezone.now())


def late_calls(cast, stop: Stop, *, races: int, work: Callable[[], int]) -> list[str]:
    """Run races of a worker against what stops it. Return the calls begun after the stop stood."""
    late = []
    with ThreadPoolExecutor(1) as pool:
        for _ in range(races):
            late += _race(cast, stop, pool, work)
    return late


def _race(cast, stop: Stop, pool: ThreadPoolExecutor, work: Callable[[], int]) -> list[str]:
    _pause(cast.workspace, False)
    lead = make_lead(cast.workspace)
    steps.plan(lead, StepKind.ATTEMPT, timezone.now() - timedelta(seconds=1))
    step = lead.steps.planned().get()

    made = pool.submit(_make_step, step.pk)
    time.sleep(random.uniform(0, LONGEST_PAUSE))  # anywhere in what the worker does
    stop(lead)
    begun = _calls_of(cast, lead)
    made.result()
    lead.steps.planned().update(due_at=timezone.now() - timedelta(seconds=1), lease_until=None)
    work()
    return sorted(_calls_of(cast, lead) - begun)


def _make_step(step_id: int) -> None:
    try:
        due.make_step.call_local(step_id)
    finally:
        connections.close_all()


def _calls_of(cast, lead: Lead) -> set[str]:
    """Return the calls that are written down, and those that Vapi knows of: rows may be erased."""
    written = {str(pk) for pk in Call.objects.filter(lead=lead.pk).values_list("pk", flat=True)}
    at_vapi = [call.body["customer"] for call in cast.placed()]
    return written | {c["externalId"] for c in at_vapi if c["number"] == lead.phone}
