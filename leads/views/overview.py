"""The overview of a workspace: /admin/<slug>/."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from leads.reading import attempts, waiting
from leads.reading import overview as figures
from leads.reading.troubles import found
from leads.reading.waiting import Whose
from leads.views import troubles
from leads.views.first_steps import first_steps_page, steps_of
from workspaces.access import workspace_member

MOST_WAITING = 5


@workspace_member()
@require_safe
def overview(request):
    """GET /admin/<slug>/: the figures, or the steps to the first lead while there is none."""
    workspace = request.workspace
    steps = steps_of(workspace)
    if steps.left and not workspace.leads.accepted().without_tests().exists():
        return first_steps_page(request)
    context = {
        "steps": steps,
        "counted": figures.count(workspace, timezone.localdate()),
        "attempts": attempts.count(workspace),
        "dial_time": figures.time_to_contact(workspace),
        "waiting": waiting.queue(request.membership, Whose.ALL, size=MOST_WAITING),
        "troubles": troubles.with_links(found.find(workspace), request.membership),
    }
    return render(request, "leads/overview.html", context)
