"""One lead: /admin/<slug>/leads/<id>, and what can be done with it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from coachbot.http.pages.form_pages import polled_from, posted_from
from leads.calls.placing.errors import CallNotConfirmed
from leads.operators import calling
from leads.reading.lead import details
from leads.views.lead.place import back_to, place_of
from leads.views.lead.work_panel import work_panel
from workspaces.access import workspace_member


@workspace_member()
@require_safe
def show_lead(request, lead_id):
    """GET .../leads/<id>: everything about one lead."""
    return lead_page(request, find_lead(request, lead_id))


def lead_page(request, lead, **filled_in):
    """Return the page. filled_in: a form of the work on the lead that was not right, by its name.

    lead: of find_lead().
    """
    version = details.version_of(lead, request.membership.role)
    context = _context(request, lead, version, **filled_in)
    return render(request, "leads/lead.html", {**context, "place": place_of(request, lead)})


@workspace_member()
@polled_from("lead")
def lead_changes(request, lead_id):
    """GET .../leads/<id>/changes?version=<...>: the page's body; 204 while it is that version."""
    lead = find_lead(request, lead_id)
    version = details.version_of(lead, request.membership.role)
    if request.GET.get("version") == version:
        return HttpResponse(status=204)
    return render(request, "leads/_lead_body.html", _context(request, lead, version))


def _context(request, lead, version, **filled_in):
    return {
        "lead": lead,
        "details": details.read_details(lead),
        "version": version,
        "work": work_panel(lead, request.membership, **filled_in),
    }


@workspace_member()
@posted_from("lead")
def call_again(request, lead_id):
    """POST .../leads/<id>/call-again: answers when Vapi has, within 15 seconds."""
    lead = find_lead(request, lead_id)
    try:
        calling.call_again(lead=lead, by=request.membership, request_id=request.request_id)
    except (calling.CannotCall, CallNotConfirmed) as error:
        messages.error(request, f"{lead.plain_name} was not called. {error}")
    else:
        messages.success(request, f"{lead.plain_name} is being called.")
    return back_to(request, lead)


def find_lead(request, lead_id):
    """Return a lead of the workspace, with its owner. Raises Http404."""
    leads = request.workspace.leads.accepted().select_related("workspace", "owner__user")
    return get_object_or_404(leads, pk=lead_id)
