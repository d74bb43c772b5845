"""Steps that are due, or may be: taken out for somebody who makes them, and looked at sooner.

A step that is taken out is nobody else's until its lease has run out.
"""

from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from coachbot.db import leases
from leads.models import WAITING, HeldBecause, Step
from workspaces.models import Channel, Workspace

# Until a step that was woken has come to something, nobody else wakes it.
LEASE = timedelta(seconds=30)


def claim_due(most: int, *, channel: Channel = Channel.VOICE) -> list[int]:
    """Return the ids of steps that are due and that nobody has woken, the newest leads first.

    channel: of their leads.
    """
    ours = Step.objects.planned().filter(lead__channel=channel)
    planned = ours.exclude(held_because__in=WAITING)
    due = leases.run_out(planned.filter(due_at__lte=Now()))
    found = due.order_by("-lead__created_at").values_list("pk", flat=True)[:most]
    return [pk for pk in found if leases.claim(Step.objects.planned().filter(pk=pk), LEASE)]


def claim_waiting(workspace_id: int, most: int, *, is_due: bool) -> list[int]:
    """Return the ids of steps of a workspace that wait for a line, the newest leads first.

    is_due: only those that may be tried now in any case. The others may be tried from now on.
    """
    waiting = Step.objects.waiting().filter(workspace=workspace_id)
    if is_due:
        waiting = waiting.filter(due_at__lte=Now())
    newest_first = leases.run_out(waiting).order_by("-lead__created_at")
    found = waiting.filter(pk__in=list(newest_first.values_list("pk", flat=True)[:most]))
    lease = leases.claim(found, LEASE)
    if lease is None:
        return []
    claimed = leases.held(found, lease).order_by("-lead__created_at").values_list("pk", flat=True)
    ids = list(claimed)
    Step.objects.waiting().filter(pk__in=ids, due_at__gt=Now()).update(due_at=Now())
    return ids


def is_any_waiting(workspace_id: int) -> bool:
    """Return whether a step that waits may be tried now in any case."""
    waiting = Step.objects.waiting().filter(workspace=workspace_id, due_at__lte=Now())
    return bool(leases.run_out(waiting).exists())


def claimed_of_waiting(workspace_id: int) -> int:
    """Return how many steps that waited are being tried now."""
    waiting = Step.objects.waiting().filter(workspace=workspace_id)
    return int(waiting.filter(lease_until__gt=Now()).count())


def hurry(workspace: Workspace) -> int:
    """Have everything that is planned in a workspace due now. Return how many steps were not.

    For trying out only: what somebody waits for comes at another time.
    """
    waiting = Step.objects.planned().filter(workspace=workspace, due_at__gt=Now())
    return int(waiting.update(due_at=Now(), lease_until=None, updated_at=timezone.now()))


def look_again_at_what_settings_held() -> int:
    """Have steps looked at again whose workspace has other settings since they were held."""
    by_rules = Step.objects.planned().exclude(
        held_because__in=["", HeldBecause.CALLBACK_REQUESTED]  # no setting changes what was asked
    )
    held = by_rules.exclude(due_at=None)
    stale = held.filter(updated_at__lt=F("workspace__updated_at"), due_at__gt=Now())
    return int(stale.update(due_at=Now(), lease_until=None, updated_at=timezone.now()))
