"""What GET answers of a lead, for the events that tell of it."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from leads.models import Call
from leads.snapshot import body, inquiry
from workspaces.models import Workspace


@dataclass(frozen=True)
class Snapshot:
    """What GET answers of a lead. goes_on: whether the agent contacts it again by itself."""

    data: dict[str, Any]
    goes_on: bool


def read(workspace: Workspace, lead_id: uuid.UUID, call: Call | None) -> Snapshot:
    """Return what stands in the answer, but for `ok`. call: in the place of the latest one.

    Raises LookupError where there is no such accepted lead.
    """
    found = inquiry.find_lead(workspace, lead_id)
    if found is None:
        raise LookupError(f"There is no lead {lead_id}.")
    if call is not None:
        found = replace(found, call=call)
    return Snapshot(body.of(found), goes_on=bool(found.follow_up and found.follow_up.is_planned))
