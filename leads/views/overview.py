"""The overview of a workspace: /admin/<slug>/."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from leads.reading import waiting
from leads.reading.overview import appointments, counted
from leads.reading.overview.days import SPANS, chosen
from leads.reading.troubles import found
from leads.reading.waiting import Whose
from leads.views import troubles
from leads.views.first_steps import first_steps_page, steps_of
from workspaces.access import workspace_member

MOST_WAITING = 5


@workspace_member()
@require_safe
def overview(request):
    """GET /admin/<slug>/?when=<days by name>: the figures of the leads that came in on some days,
    or the steps to the first lead while there is none.
    """
    workspace = request.workspace
    steps = steps_of(workspace)
    if steps.left and not workspace.leads.accepted().without_tests().are_there():
        return first_steps_page(request)
    days = chosen(request.GET.get("when", ""), timezone.localdate())
    counts = counted.count(workspace, days)
    context = {
        "steps": steps,
        "days": days,
        "spans": SPANS,
        "figures": counts.figures,
        "attempts": counts.attempts,
        "failures": counts.failures,
        "appointments": appointments.upcoming(workspace),
        "waiting": waiting.queue(request.membership, Whose.ALL, size=MOST_WAITING),
        "troubles": troubles.with_links(found.find(workspace), request.membership),
    }
    return render(request, "leads/overview.html", context)
