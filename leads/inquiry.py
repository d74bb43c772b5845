"""Reading one lead with its latest call: what GET /api/public/leads/<id> tells."""

import uuid

from coachbot.prepared import PreparedQuery
from leads.models import Call, Lead
from workspaces.models import Workspace

_accepted_lead = PreparedQuery(
    lambda workspace, lead: Lead.objects.accepted().filter(workspace=workspace, pk=lead),
    Lead._meta.get_field("workspace"),
    Lead._meta.pk,
)
_latest_call = PreparedQuery(
    lambda lead: Call.objects.filter(lead=lead).order_by("-created_at"),
    Call._meta.get_field("lead"),
)


def find_lead(workspace: Workspace, lead_id: uuid.UUID | None) -> Lead | None:
    """Return an accepted lead of a workspace, or None."""
    return _accepted_lead.first(workspace.pk, lead_id)


def latest_call(lead: Lead) -> Call | None:
    """Return the call to a lead that was made last, or None."""
    return _latest_call.first(lead.pk)
