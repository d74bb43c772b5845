"""The overview of a workspace: /admin/<slug>/."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from workspaces.access import workspace_member


@workspace_member()
@require_safe
def overview(request):
    """GET /admin/<slug>/"""
    return render(request, "leads/overview.html")
