"""Taking back what was done with many leads, where they still stand as it left them."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from leads.contact.planned import steps
from leads.models import Activity, ActivityCode, BulkChange, BulkDeed, Lead
from leads.operators.bulk.batches import Done, Skipped, in_batches
from leads.operators.bulk.working import UNDO_FOR
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import Membership, Workspace


class CannotUndo(Exception):
    """It was undone already, or is too long ago."""


def find(workspace: Workspace, deed_id: uuid.UUID, by: Membership) -> BulkDeed | None:
    """Return a member's own deed that can still be undone."""
    since = timezone.now() - UNDO_FOR
    found: BulkDeed | None = workspace.bulk_deeds.filter(
        pk=deed_id, author=by.user, made_at__gt=since
    ).first()
    return found


def undo(*, deed: BulkDeed, by: Membership) -> Done:
    """Put back what a deed changed, where nothing else changed it since. The deed is gone then.

    Raises CannotUndo.
    """
    changes = {change.lead_id: change for change in deed.changes.all()}
    if not BulkDeed.objects.filter(pk=deed.pk).delete()[0]:
        raise CannotUndo

    def undo_some(leads: list[Lead], done: Done) -> None:
        chosen = [lead for lead in leads if _stands(lead, deed)]
        done.skipped[Skipped.CHANGED] += len(leads) - len(chosen)
        _put_back(deed, chosen, changes)
        _write_activities(deed, chosen, by)
        done.number += len(chosen)

    done = in_batches(deed.workspace, list(changes), undo_some)
    record.action(
        workspace_id=deed.workspace_id,
        actor=by.user,
        action=Action.UNDO_LEADS,
        deed=deed.code,
        leads=done.number,
    )
    return done


def _stands(lead: Lead, deed: BulkDeed) -> bool:
    if deed.is_closing:
        return lead.closed_as == deed.after and lead.closed_at == deed.made_at
    return str(lead.owner_id or "") == deed.after and not lead.is_closed


def _put_back(deed: BulkDeed, leads: Sequence[Lead], changes: dict[uuid.UUID, BulkChange]) -> None:
    now = timezone.now()
    for lead in leads:
        before = changes[lead.pk].before
        if deed.is_closing:
            _reopen(lead, before)
        else:
            lead.owner_id = _owner_that_is_there(deed.workspace, before["owner"])
        lead.last_active_at = lead.updated_at = now
    columns = ["closed_as", "closed_at", "next_step", "next_step_on"] if deed.is_closing else []
    Lead.objects.bulk_update(leads, [*(columns or ["owner"]), "last_active_at", "updated_at"])


def _reopen(lead: Lead, before: dict[str, Any]) -> None:
    lead.closed_as, lead.closed_at = "", None
    lead.next_step, lead.next_step_on = before["next_step"], before["next_step_on"]
    callback = before.get("callback")
    if callback:
        at = datetime.fromisoformat(callback["at"])
        steps.plan_callback(lead, at, notes=callback["notes"])


def _owner_that_is_there(workspace: Workspace, key: int | None) -> int | None:
    """Return a member's key, None where they left meanwhile."""
    is_there = key is not None and workspace.memberships.filter(pk=key).exists()
    return key if is_there else None


def _write_activities(deed: BulkDeed, leads: Sequence[Lead], by: Membership) -> None:
    code = ActivityCode.REOPENED if deed.is_closing else ActivityCode.ASSIGNED
    owners = _names(deed.workspace) if not deed.is_closing else {}
    Activity.objects.bulk_create(
        Activity(
            **{"lead": lead, "code": code, "author": by.user, "author_name": by.user.email},
            before=deed.after if deed.is_closing else owners.get(deed.after, ""),
            after=owners.get(str(lead.owner_id or ""), ""),
        )
        for lead in leads
    )


def _names(workspace: Workspace) -> dict[str, str]:
    memberships = workspace.memberships.select_related("user")
    return {str(membership.pk): membership.user.email for membership in memberships}
