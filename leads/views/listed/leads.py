"""The list of leads: /admin/<slug>/leads."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coachbot.http.pages.form_pages import polled_from
from coachbot.http.pages.paging import CURSORS, paginate, without_cursor
from leads.operators.bulk import undoing
from leads.reading import lists
from leads.reading.listed import counts, live, sorting
from leads.reading.listed.tabs import Tab
from leads.views.listed.filters import LeadFilter, list_query
from workspaces.access import workspace_member


@workspace_member()
@require_safe
def list_leads(request):
    """GET .../leads: a page at a time, sorted and filtered by its query."""
    return render(request, "leads/leads.html", _context(request))


@workspace_member()
@polled_from("leads")
def list_changes(request):
    """GET .../leads/changes?<query of the page>&version=<...>: its rows; 204 while it is that
    version.
    """
    if request.GET.get("version") == live.version_of(request.membership):
        return HttpResponse(status=204)
    return render(request, "leads/_lead_list.html", _context(request))


def filtered(request, filters: LeadFilter):
    """Return the leads that a filter form leaves; none where it is filled in wrongly."""
    if not filters.is_valid():
        return request.workspace.leads.none()
    return lists.leads(request.workspace, **filters.cleaned_data)


def _context(request) -> dict[str, Any]:
    version = live.version_of(request.membership)  # before the rows: what comes between is seen
    filters = LeadFilter(request.GET, membership=request.membership)
    leads, sort = filtered(request, filters), filters.chosen_sort
    pages = paginate(request, lists.with_contacts(request.workspace, leads), sorting.order_of(sort))
    query = list_query(request.GET)
    return {
        **pages,
        "filters": filters,
        "is_filtered": filters.is_set,
        "query": query.urlencode(),
        "applied": query.items(),
        "cursors": {name: request.GET[name] for name in CURSORS if name in request.GET},
        "tabs": _tabs(request, filters),
        "count": counts.of_page(leads, pages["page"], is_search="text" in query),
        "only": sorting.words_of(sort),
        "version": version,
        "live_query": _live_query(request),
        "undo": _undo(request),
    }


def _live_query(request) -> str:
    """Return the query of the page itself, for asking what is new there."""
    query = without_cursor(request)
    query.update({name: request.GET[name] for name in CURSORS if name in request.GET})
    return query.urlencode()


def _tabs(request, filters: LeadFilter) -> list[tuple[Tab, counts.Count, bool]]:
    found = counts.of_tabs(request.workspace)
    return [(tab, found[tab.value], tab.value == filters.chosen_tab) for tab in Tab]


def _undo(request):
    """Return what the member has just done with many leads, while it can be undone."""
    try:
        deed_id = uuid.UUID(request.GET.get("done", ""))
    except ValueError:
        return None
    return undoing.find(request.workspace, deed_id, request.membership)
