"""Calling the leads that waited, or leaving them, because a member says so: in bulk."""

import uuid
from collections.abc import Callable, Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from leads.contact.planned import offered, steps
from leads.models import HeldBecause, Lead
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import User, Workspace

# Leads in one transaction, which holds their rows.
AT_ONCE = 500


def call(
    *,
    workspace: Workspace,
    because: HeldBecause,
    by: User,
    lead_ids: Sequence[uuid.UUID] | None = None,
) -> int:
    """Have leads called that waited: the newest first, by the worker, as the gate lets each pass.

    lead_ids: those that were chosen; None for all. Return how many. Safe to stop, and to run twice.
    """
    number = _settle(workspace, because, lead_ids, steps.plan_now)
    _log(workspace, by, Action.CALL_OFFERED, because, number)
    return number


def leave(
    *,
    workspace: Workspace,
    because: HeldBecause,
    by: User,
    lead_ids: Sequence[uuid.UUID] | None = None,
) -> int:
    """Offer leads that waited no more; nobody is called. Return how many. As call() else."""
    number = _settle(workspace, because, lead_ids, steps.drop_of)
    _log(workspace, by, Action.LEAVE_OFFERED, because, number)
    return number


def _settle(
    workspace: Workspace,
    because: HeldBecause,
    lead_ids: Sequence[uuid.UUID] | None,
    deed: Callable[[int, Sequence[uuid.UUID]], None],
) -> int:
    """Do a deed with leads that are offered, and offer them no more. Return how many they were."""
    number = 0
    for batch in _batches(workspace, because, lead_ids):
        with transaction.atomic():
            found = _locked(workspace, because, batch)
            _take_off(found)
            deed(workspace.pk, found)
        number += len(found)
    return number


def _batches(
    workspace: Workspace, because: HeldBecause, lead_ids: Sequence[uuid.UUID] | None
) -> Iterator[list[uuid.UUID]]:
    if lead_ids is None:
        lead_ids = list(offered.leads(workspace, because).values_list("pk", flat=True))
    for start in range(0, len(lead_ids), AT_ONCE):
        yield list(lead_ids[start : start + AT_ONCE])


def _locked(
    workspace: Workspace, because: HeldBecause, lead_ids: Sequence[uuid.UUID]
) -> list[uuid.UUID]:
    """Lock leads, and return those of them that are still offered: somebody may have been first."""
    rows = workspace.leads.filter(pk__in=lead_ids).order_by("pk").select_for_update()
    list(rows.values_list("pk", flat=True))
    return list(offered.leads(workspace, because, among=lead_ids).values_list("pk", flat=True))


def _take_off(lead_ids: Sequence[uuid.UUID]) -> None:
    Lead.objects.filter(pk__in=lead_ids).update(held_because="", updated_at=timezone.now())


def _log(workspace: Workspace, by: User, action: Action, because: HeldBecause, number: int) -> None:
    record.action(workspace_id=workspace.pk, actor=by, action=action, because=because, leads=number)
