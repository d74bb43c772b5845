"""Deleting leads for good."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from leads import erasure
from leads.models import Message, RefusedSubmission
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import User, Workspace


@dataclass(frozen=True)
class Deleted:
    """How many leads are gone, and the names of those that are being dialled right now."""

    count: int
    busy: tuple[str, ...]


def delete_leads(*, workspace: Workspace, lead_ids: Sequence[uuid.UUID], by: User) -> Deleted:
    """Erase leads with their calls and what the log held of them; their phones are free again.

    A lead that is being dialled stays: its outcome could not be written anywhere.
    """
    gone, busy = erasure.erase_leads(workspace, lead_ids)
    for lead_id in gone:
        record.action(
            workspace_id=workspace.pk, actor=by, action=Action.DELETE_LEAD, lead_id=lead_id
        )
    return Deleted(len(gone), busy)


def remove_refused(*, refused: RefusedSubmission, by: User) -> None:
    """Erase a refused submission and what the log held of the person."""
    erasure.erase_refused(refused)
    record.action(workspace_id=refused.workspace_id, actor=by, action=Action.REMOVE_REFUSED)


def remove_stranger(*, message: Message, by: User) -> None:
    """Erase all that the sender of a message wrote, who is no lead, and what the log held of it."""
    erasure.erase_stranger(message)
    record.action(workspace_id=message.workspace_id, actor=by, action=Action.REMOVE_STRANGER)
