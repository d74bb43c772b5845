"""What GET answers of a lead, for the events that tell of it. Named by settings.LEAD_SNAPSHOT."""

import uuid
from dataclasses import replace

from leads.api.serializers import lead_answers
from leads.events import Snapshot
from leads.models import Call
from leads.snapshot import inquiry
from workspaces.models import Workspace


def read(workspace: Workspace, lead_id: uuid.UUID, call: Call | None) -> Snapshot:
    """Return what stands in the answer, but for `ok`. call: in the place of the latest one.

    Raises LookupError where there is no such accepted lead.
    """
    found = inquiry.find_lead(workspace, lead_id)
    if found is None:
        raise LookupError(f"There is no lead {lead_id}.")
    if call is not None:
        found = replace(found, call=call)
    data = lead_answers.lead_json(found)
    del data["ok"]
    return Snapshot(data, goes_on=bool(found.follow_up and found.follow_up.is_planned))
