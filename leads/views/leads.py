"""The list of leads: /admin/<slug>/leads."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.paging import paginate, without_cursor
from leads.operators import deleting
from leads.reading import lists
from leads.views.filters import LeadFilter
from workspaces.access import workspace_member
from workspaces.models import Role


@workspace_member()
@require_safe
def list_leads(request):
    """GET .../leads: newest first, a page at a time."""
    filters = LeadFilter(request.GET, membership=request.membership)
    context = {
        **paginate(request, lists.with_contacts(request.workspace, filtered(request, filters))),
        "filters": filters,
        "is_filtered": filters.is_valid() and any(filters.cleaned_data.values()),
        "query": without_cursor(request).urlencode(),
        "applied": without_cursor(request).items(),
    }
    return render(request, "leads/leads.html", context)


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def delete_leads(request):
    """GET .../leads/delete?lead=<id>&... says what it will do; POST does it."""
    lead_ids = _selection(request)
    if request.method != "POST":
        leads = request.workspace.leads.accepted().filter(pk__in=lead_ids).newest_first()
        return render(request, "leads/leads_delete.html", {"leads": list(leads)})
    deleted = deleting.delete_leads(workspace=request.workspace, lead_ids=lead_ids, by=request.user)
    _tell(request, deleted)
    return redirect("leads", slug=request.workspace.slug)


def filtered(request, filters: LeadFilter):
    """Return the leads that a filter form leaves; none where it is filled in wrongly."""
    if not filters.is_valid():
        return request.workspace.leads.none()
    return lists.leads(request.workspace, **filters.cleaned_data)


def _selection(request) -> list[uuid.UUID]:
    values = request.POST if request.method == "POST" else request.GET
    try:
        return [uuid.UUID(text) for text in values.getlist("lead")]
    except ValueError as error:
        raise Http404("That is not the id of a lead.") from error


def _tell(request, deleted: deleting.Deleted) -> None:
    if deleted.count == 1:
        messages.success(request, "1 lead is deleted. Its phone number can come in again.")
    elif deleted.count:
        messages.success(
            request, f"{deleted.count} leads are deleted. Their phone numbers can come in again."
        )
    for name in deleted.busy:
        messages.warning(request, f"{name} is being dialled right now. Try again in a few seconds.")
    if not deleted.count and not deleted.busy:
        messages.warning(request, "No lead was selected, so nothing was deleted.")
