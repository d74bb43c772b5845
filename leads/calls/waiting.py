"""Who waits for a line, or for the Vapi account to place calls: the newest lead goes first.

The rows say who waits and how many lines are taken, so a worker that looks every second finds all
that may be tried. The end of a call wakes it at once, and nothing is lost where that is not heard.
"""

from functools import partial

from django.db import transaction

from coachbot.work import engine
from leads.calls import due
from leads.contact import breaker, lines
from leads.contact.planned import claims
from leads.models import Step
from workspaces.models import Channel, Workspace

MOST_AT_ONCE = 200


def let_in_soon(workspace_id: int) -> None:
    """Have it looked who may be tried, once this transaction is over: a line has got free."""
    if Step.objects.waiting().filter(workspace=workspace_id).exists():
        transaction.on_commit(partial(engine.wake, let_in_of, workspace_id))


@engine.task
def let_in_of(workspace_id: int) -> None:
    """Try those of a workspace who wait, as many as there are lines; the last one here."""
    workspace = Workspace.objects.filter(pk=workspace_id).first()
    claimed = claim(workspace) if workspace else []
    for step_id in claimed[1:]:
        engine.wake(due.make_step, step_id, True)
    if claimed:
        due.make_step.call_local(claimed[0], True)


def let_in() -> int:
    """Have those tried who wait and may be, by some thread of some worker. Return how many."""
    waiting = Step.objects.waiting().values("workspace")
    number = 0
    for workspace in Workspace.objects.filter(pk__in=waiting, channel=Channel.VOICE):
        for step_id in claim(workspace):
            number += engine.wake(due.make_step, step_id, True)
    return number


@transaction.atomic
def claim(workspace: Workspace) -> list[int]:
    """Return the ids of the steps that are to be tried now, which nobody else tries meanwhile."""
    # Locked, so that two who look at once do not fill the same line.
    Workspace.objects.select_for_update(no_key=True).filter(pk=workspace.pk).first()
    number, is_due = _room(workspace)
    return claims.claim_waiting(workspace.pk, number, is_due=is_due) if number > 0 else []


def _room(workspace: Workspace) -> tuple[int, bool]:
    """Return how many may be tried, and whether only those whose time has come."""
    going = lines.taken(workspace.pk) + claims.claimed_of_waiting(workspace.pk)
    allowed = lines.allowed(workspace)
    free = MOST_AT_ONCE if allowed is None else min(MOST_AT_ONCE, allowed - going)
    if free <= 0:
        return 0, True
    if breaker.is_open(workspace):
        may_probe = claims.is_any_waiting(workspace.pk) and breaker.claim_probe(workspace.pk)
        return int(may_probe), True
    seen = lines.seen(workspace)
    if seen is None:
        return free, True
    if going < seen:
        return min(free, seen - going), False
    return int(going == seen and lines.may_try_more(workspace)), True
