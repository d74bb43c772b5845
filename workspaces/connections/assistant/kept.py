"""What stood on an assistant before it was set up: sealed, one row for each assistant.

Nothing else reads or writes AssistantSetup.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from coachbot.db import leases
from coachbot.sealing import CannotUnseal, reseal, seal, unseal
from workspaces.models import AssistantSetup, User, Workspace

# Longer than anything that is done under it may take.
LEASE = timedelta(seconds=60)
BOUND_TO = "assistant"

Body = Mapping[str, Any]
Rows = QuerySet[AssistantSetup]


class BeingSetUp(Exception):
    """Somebody else is changing the assistant right now."""

    def __init__(self) -> None:
        super().__init__("Somebody is setting the assistant up right now. Look again in a moment.")


@dataclass(frozen=True)
class Kept:
    """What stood on an assistant before a set-up, and what after: parts by Vapi's names.

    tools: the names of the tools that it had before. at, by: of the set-up.
    """

    before: Body = field(repr=False)
    after: Body = field(repr=False)
    tools: list[str]
    at: datetime | None = None
    by: str = ""


@contextmanager
def hold(workspace: Workspace, assistant_id: str) -> Iterator[Rows]:
    """Hold an assistant while the body changes it; yields its row. Raises BeingSetUp."""
    AssistantSetup.objects.get_or_create(workspace=workspace, assistant_id=assistant_id)
    row = _rows(workspace, assistant_id)
    lease = leases.claim(row, LEASE)
    if lease is None:
        raise BeingSetUp
    rows = leases.held(row, lease)
    try:
        yield rows
    finally:
        leases.release(rows)


def read(workspace: Workspace, assistant_id: str) -> Kept | None:
    """Return what is kept of an assistant; None where nothing is, or no key opens it."""
    row = _rows(workspace, assistant_id).exclude(sealed="").first()
    if row is None:
        return None
    try:
        kept = unseal(row.sealed, *_binding(row))
    except CannotUnseal:
        return None
    return Kept(kept["before"], kept["after"], kept["tools"], row.set_up_at, row.set_up_by)


def write(rows: Rows, kept: Kept | None, by: User | None = None) -> None:
    """Keep this of the assistant that is held, or nothing more. by: who sets it up, now.

    Without that, the time and the person of `kept` stay.
    """
    row = rows.first()
    if row is None:  # the lease ran out, and somebody else has taken over
        return
    if kept is None:
        rows.update(sealed="", set_up_at=None, set_up_by="")
        return
    content = {"before": kept.before, "after": kept.after, "tools": kept.tools}
    rows.update(
        sealed=seal(content, *_binding(row)),
        set_up_at=kept.at or timezone.now(),
        set_up_by=kept.by or (by.email if by else ""),
    )


def reseal_all() -> tuple[int, list[str]]:
    """Seal what is kept under the first key. Return how many rows were not, and a sentence for
    each that no key opens.
    """
    rows = AssistantSetup.objects.exclude(sealed="").select_related("workspace")
    resealed, left = reseal(rows, _binding)
    return resealed, [f"{row.workspace}, {row}: {error}" for row, error in left]


def _rows(workspace: Workspace, assistant_id: str) -> Rows:
    return AssistantSetup.objects.filter(workspace=workspace, assistant_id=assistant_id)


def _binding(row: AssistantSetup) -> tuple[object, ...]:
    return row.workspace_id, BOUND_TO, row.assistant_id
