"""One lead: /admin/<slug>/leads/<id>, and what can be done with it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from leads import operators
from leads.calls import place
from leads.reading import details
from workspaces.access import workspace_member


@workspace_member()
@require_safe
def show_lead(request, lead_id):
    """GET .../leads/<id>: everything about one lead."""
    lead = _lead(request, lead_id)
    version = details.version_of(lead, request.membership.role)
    return _show(request, "leads/lead.html", lead, version)


@workspace_member()
@require_safe
def lead_changes(request, lead_id):
    """GET .../leads/<id>/changes?version=<...>: the page's body; 204 while it is that version."""
    lead = _lead(request, lead_id)
    version = details.version_of(lead, request.membership.role)
    if request.GET.get("version") == version:
        return HttpResponse(status=204)
    return _show(request, "leads/_lead_body.html", lead, version)


def _show(request, template, lead, version):
    found = details.read_details(lead)
    return render(request, template, {"lead": lead, "details": found, "version": version})


@workspace_member()
@require_POST
def take_over(request, lead_id):
    """POST .../leads/<id>/take-over"""
    lead = _lead(request, lead_id)
    operators.take_over(lead=lead, by=request.user)
    messages.success(request, f"{lead.plain_name} is yours. The status is “needs a human” now.")
    return redirect("lead", slug=request.workspace.slug, lead_id=lead.pk)


@workspace_member()
@require_POST
def hand_back(request, lead_id):
    """POST .../leads/<id>/hand-back"""
    lead = _lead(request, lead_id)
    operators.hand_back(lead=lead, by=request.user)
    messages.success(request, f"{lead.plain_name} is handed back to the agent.")
    return redirect("lead", slug=request.workspace.slug, lead_id=lead.pk)


@workspace_member()
@require_POST
def call_again(request, lead_id):
    """POST .../leads/<id>/call-again: answers when Vapi has, within 15 seconds."""
    lead = _lead(request, lead_id)
    try:
        operators.call_again(lead=lead, by=request.user, request_id=request.request_id)
    except (operators.CannotCall, place.CallNotConfirmed) as error:
        messages.error(request, f"{lead.plain_name} was not called. {error}")
    else:
        messages.success(request, f"{lead.plain_name} is being called.")
    return redirect("lead", slug=request.workspace.slug, lead_id=lead.pk)


def _lead(request, lead_id):
    leads = request.workspace.leads.accepted().select_related("workspace")
    return get_object_or_404(leads, pk=lead_id)
