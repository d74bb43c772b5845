"""Reading one lead with its latest call: what GET /api/public/leads/<id> tells."""

import uuid

from django.db import DEFAULT_DB_ALIAS

from coachbot.db.prepared import PreparedQuery
from leads.models import Call, Lead
from workspaces.models import Workspace

_LEAD_COLUMNS = [field.attname for field in Lead._meta.concrete_fields]
# The turns are large, and no answer of the API has them.
_CALL_COLUMNS = [f.attname for f in Call._meta.concrete_fields if f.attname != "turns"]

# One query where two would do the same for a fifth more of the whole request.
_lead_and_latest_call = PreparedQuery(
    lambda workspace, lead: (
        Lead.objects.accepted()
        .filter(workspace=workspace, pk=lead)
        .order_by("-calls__created_at")
        .values_list(*_LEAD_COLUMNS, *(f"calls__{column}" for column in _CALL_COLUMNS))
    ),
    Lead._meta.get_field("workspace"),
    Lead._meta.pk,
)


def find_lead(
    workspace: Workspace, lead_id: uuid.UUID | None
) -> tuple[Lead, Call | None] | tuple[None, None]:
    """Return an accepted lead of a workspace and its latest call; None for what is not there."""
    row = _lead_and_latest_call.first(workspace.pk, lead_id)
    if row is None:
        return None, None
    of_lead, of_call = row[: len(_LEAD_COLUMNS)], row[len(_LEAD_COLUMNS) :]
    lead = Lead.from_db(DEFAULT_DB_ALIAS, _LEAD_COLUMNS, of_lead)
    # The columns of a lead without a call are all empty.
    has_call = of_call[_CALL_COLUMNS.index("id")] is not None
    call = Call.from_db(DEFAULT_DB_ALIAS, _CALL_COLUMNS, of_call) if has_call else None
    return lead, call


def latest_call(lead: Lead) -> Call | None:
    """Return the call to a lead that was made last, or None."""
    return lead.calls.order_by("-created_at").first()
