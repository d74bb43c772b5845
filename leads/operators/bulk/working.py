"""Closing many leads, and giving many to a member; both can be undone for some time."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from leads.models import (
    Activity,
    ActivityCode,
    BulkChange,
    BulkCode,
    BulkDeed,
    ClosedAs,
    Lead,
    Step,
    StepKind,
)
from leads.operators.bulk.batches import Done, Skipped, in_batches
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import Membership, Workspace

UNDO_FOR = timedelta(hours=1)


def close(
    *,
    workspace: Workspace,
    lead_ids: Sequence[uuid.UUID],
    closed_as: ClosedAs,
    by: Membership,
    reason: str = "",
) -> Done:
    """End the work on leads, as closing.close() does on one. What is closed already stays so."""
    deed = _deed(workspace, by, BulkCode.CLOSED, closed_as.value)

    def close_some(leads: list[Lead], done: Done) -> None:
        chosen = [lead for lead in leads if not lead.is_closed]
        done.skipped[Skipped.CLOSED] += len(leads) - len(chosen)
        callbacks = _callbacks(chosen)
        _keep(deed, chosen, lambda lead: _before_end(lead, callbacks.get(lead.pk)))
        _write_activities(chosen, deed, by, ActivityCode.CLOSED, after=closed_as.value, text=reason)
        Step.objects.filter(pk__in=[step.pk for step in callbacks.values()]).drop()
        columns = {"closed_as": closed_as.value, "closed_at": deed.made_at}
        _update(deed, chosen, done, **columns, next_step="", next_step_on=None)

    return _end(in_batches(workspace, lead_ids, close_some), deed, by, Action.CLOSE_LEADS)


def assign(
    *,
    workspace: Workspace,
    lead_ids: Sequence[uuid.UUID],
    to: Membership | None,
    by: Membership,
) -> Done:
    """Give leads to a member of the workspace, or to nobody. Closed ones stay whose they are."""
    owner, name = (to.pk, to.user.email) if to else (None, "")
    deed = _deed(workspace, by, BulkCode.ASSIGNED, str(owner or ""))

    def assign_some(leads: list[Lead], done: Done) -> None:
        open_leads = [lead for lead in leads if not lead.is_closed]
        chosen = [lead for lead in open_leads if lead.owner_id != owner]
        done.skipped[Skipped.CLOSED] += len(leads) - len(open_leads)
        done.skipped[Skipped.SAME] += len(open_leads) - len(chosen)
        _keep(deed, chosen, lambda lead: {"owner": lead.owner_id})
        _write_activities(chosen, deed, by, ActivityCode.ASSIGNED, after=name)
        _update(deed, chosen, done, owner=owner)

    return _end(in_batches(workspace, lead_ids, assign_some), deed, by, Action.ASSIGN_LEADS)


def _deed(workspace: Workspace, by: Membership, code: BulkCode, after: str) -> BulkDeed:
    """Return the deed, written; those before that cannot be undone any more go."""
    workspace.bulk_deeds.filter(made_at__lt=timezone.now() - UNDO_FOR).delete()
    return BulkDeed.objects.create(workspace=workspace, author=by.user, code=code, after=after)


def _keep(deed: BulkDeed, leads: Iterable[Lead], before: Callable[[Lead], dict[str, Any]]) -> None:
    BulkChange.objects.bulk_create(
        BulkChange(deed=deed, lead=lead, before=before(lead)) for lead in leads
    )


def _update(deed: BulkDeed, leads: Sequence[Lead], done: Done, **columns: Any) -> None:
    moments = {"last_active_at": deed.made_at, "updated_at": deed.made_at}
    changed = Lead.objects.filter(pk__in=[lead.pk for lead in leads])
    done.number += changed.update(**columns, **moments)


def _callbacks(leads: Sequence[Lead]) -> dict[uuid.UUID, Step]:
    """Return the call-backs that are planned, by their leads."""
    planned = Step.objects.planned().filter(lead__in=leads, kind=StepKind.CALLBACK)
    return {step.lead_id: step for step in planned}


def _before_end(lead: Lead, callback: Step | None) -> dict[str, Any]:
    on = lead.next_step_on.isoformat() if lead.next_step_on else None
    before: dict[str, Any] = {"next_step": lead.next_step, "next_step_on": on}
    if callback and callback.due_at:
        before["callback"] = {"at": callback.due_at.isoformat(), "notes": callback.notes}
    return before


def _write_activities(
    leads: Iterable[Lead],
    deed: BulkDeed,
    by: Membership,
    code: ActivityCode,
    *,
    after: str,
    text: str = "",
) -> None:
    """Write down what was done, for the timelines of leads that still are as they were before."""
    Activity.objects.bulk_create(
        Activity(
            **{"lead": lead, "code": code, "author": by.user, "author_name": by.user.email},
            **{"after": after, "text": text, "created_at": deed.made_at},
            before="" if deed.is_closing else lead.owner_name,
        )
        for lead in leads
    )


def _end(done: Done, deed: BulkDeed, by: Membership, action: Action) -> Done:
    """Write the log's row; of a deed that changed nothing there is nothing to undo."""
    record.action(workspace_id=deed.workspace_id, actor=by.user, action=action, leads=done.number)
    if done.number:
        done.undo = deed.pk
    else:
        deed.delete()
    return done
