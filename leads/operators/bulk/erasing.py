"""Erasing many leads."""

import uuid
from collections import Counter
from collections.abc import Sequence

from leads.operators import deleting
from leads.operators.bulk.batches import AT_ONCE, Done, Skipped
from workspaces.models import Membership, Workspace


def delete(*, workspace: Workspace, lead_ids: Sequence[uuid.UUID], by: Membership) -> Done:
    """Erase leads, as deleting.delete_leads() does. Those that are being dialled stay."""
    done, busy = Done(), 0
    for start in range(0, len(lead_ids), AT_ONCE):
        batch = lead_ids[start : start + AT_ONCE]
        deleted = deleting.delete_leads(workspace=workspace, lead_ids=batch, by=by.user)
        done.number += deleted.count
        busy += len(deleted.busy)
    gone = len(lead_ids) - done.number - busy
    done.skipped = Counter({Skipped.DIALLED: busy, Skipped.GONE: gone})
    return done
