"""The overview of a workspace: /admin/<slug>/."""

from datetime import timedelta

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from leads.reading import overview as figures
from workspaces.access import workspace_member
from workspaces.connections import credentials
from workspaces.log import queries
from workspaces.models import CredentialKind

A_DAY = timedelta(days=1)


@workspace_member()
@require_safe
def overview(request):
    """GET /admin/<slug>/: the figures, or the steps to the first lead."""
    workspace = request.workspace
    causes = queries.causes_of_failure(workspace, since=timezone.now() - A_DAY)
    if not workspace.leads.accepted().exists():
        return render(request, "leads/first_steps.html", {**_steps(workspace), "causes": causes})
    context = {
        "counted": figures.count(workspace, timezone.localdate()),
        "dial_time": figures.time_to_dial(workspace),
        "waiting": figures.waiting_for_human(workspace),
        "causes": causes,
    }
    return render(request, "leads/overview.html", context)


def _steps(workspace) -> dict:
    return {
        "vapi": credentials.judgement_of(workspace.pk, CredentialKind.VAPI),
        "has_key": workspace.api_keys.filter(revoked_at=None).exists(),
        "base_url": settings.PUBLIC_BASE_URL,
        "key": "YOUR_API_KEY",
    }
