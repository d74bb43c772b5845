"""The overview of a workspace: /admin/<slug>/."""

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from leads.reading import overview as figures
from leads.reading.troubles import found
from leads.views import troubles
from workspaces.access import workspace_member
from workspaces.models import CredentialKind


@workspace_member()
@require_safe
def overview(request):
    """GET /admin/<slug>/: the figures, or the steps to the first lead."""
    workspace = request.workspace
    told = {"troubles": troubles.with_links(found.find(workspace), request.membership)}
    if not workspace.leads.accepted().exists():
        return render(request, "leads/first_steps.html", {**_steps(workspace), **told})
    context = {
        "counted": figures.count(workspace, timezone.localdate()),
        "dial_time": figures.time_to_dial(workspace),
        "waiting": figures.waiting_for_human(workspace),
        **told,
    }
    return render(request, "leads/overview.html", context)


def _steps(workspace) -> dict:
    return {
        "is_connected": workspace.credentials.filter(kind=CredentialKind.VAPI).exists(),
        "has_key": workspace.api_keys.filter(revoked_at=None).exists(),
        "base_url": settings.PUBLIC_BASE_URL,
        "key": "YOUR_API_KEY",
    }
