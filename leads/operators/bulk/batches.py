"""The leads that somebody chose, in short transactions, and what became of them."""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import models, transaction

from leads.models import Lead
from workspaces.models import Workspace

# Leads in one transaction, which holds their rows.
AT_ONCE = 200


class Skipped(models.TextChoices):
    """Why a lead that was chosen stays as it is. The words follow how many they are."""

    GONE = "gone", "deleted meanwhile"
    CLOSED = "closed", "closed"
    SAME = "same", "so already"
    DIALLED = "dialled", "being dialled right now: try again in a few seconds"
    DO_NOT_CALL = "do_not_call", "on the do-not-call list"
    RINGS = "rings", "in a call"
    CALLBACK = "callback", "to be called back at a time that they asked for"
    HELD = "held", "waiting to be called: the hours, the calls of the day or the lines hold them"
    TALKED = "talked", "talked to, booked or unqualified: call them from their page"
    WITH_PERSON = "with_person", "looked after by a member: call them from their page"
    NO_CALLS = "no_calls", "in a workspace that calls nobody"
    CHANGED = "changed", "changed since"


@dataclass
class Done:
    """What came of it. skipped: how many stay as they are, and why. undo: the deed to take back."""

    number: int = 0
    skipped: Counter[Skipped] = field(default_factory=Counter)
    undo: uuid.UUID | None = None

    def skip(self, why: Skipped) -> None:
        self.skipped[why] += 1


def in_batches(
    workspace: Workspace, lead_ids: Sequence[uuid.UUID], deed: Callable[[list[Lead], Done], None]
) -> Done:
    """Do a deed with leads, batch by batch, each locked in a transaction. Return what came of it.

    The deed counts those that it changes, and those that it skips; those that were deleted
    meanwhile are counted here.
    """
    done = Done()
    for start in range(0, len(lead_ids), AT_ONCE):
        batch = lead_ids[start : start + AT_ONCE]
        with transaction.atomic():
            # Of workspace.leads, so that each has the workspace at hand.
            rows = workspace.leads.accepted().filter(pk__in=batch).order_by("pk")
            # Of their owners nothing is locked.
            found = list(rows.select_related("owner__user").select_for_update(of=("self",)))
            done.skipped[Skipped.GONE] += len(batch) - len(found)
            deed(found, done)
    return done
