"""The list that a lead was opened from, and what stands beside the lead there."""

from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from leads.models import Lead
from leads.reading import lists
from leads.reading.listed.neighbours import neighbours
from leads.views.listed.filters import LeadFilter, list_query


def place_of(request, lead: Lead) -> dict[str, Any]:
    """Return the addresses of the list, and of the leads before and after; "" where there is none.

    A lead that was opened from elsewhere has no list.
    """
    slug, query = request.workspace.slug, _query(request, lead)
    place = {"list": reverse("leads", args=[slug]), "before": "", "after": "", "is_known": False}
    if query is None:
        return place
    filters = LeadFilter(query, membership=request.membership)
    if not filters.is_valid():
        return place
    cleaned = filters.cleaned_data
    leads = lists.leads(request.workspace, **cleaned)
    beside = neighbours(request.workspace, leads, cleaned["sort"], lead)
    text = query.urlencode()
    for side in ("before", "after"):
        if key := getattr(beside, side):
            place[side] = f"{reverse('lead', args=[slug, key])}?{text}"
    return {**place, "list": f"{place['list']}?{text}", "is_known": True}


def back_to(request, lead: Lead):
    """Lead back to the page of a lead, in the list that it was opened from."""
    query = _query(request, lead)
    page = reverse("lead", args=[request.workspace.slug, lead.pk])
    return redirect(f"{page}?{query.urlencode()}" if query else page)


def _query(request, lead: Lead) -> QueryDict | None:
    """Return which list it was. A button of the page says so by the address that it was on."""
    data = request.GET
    if "tab" not in data:
        came_from = urlsplit(request.headers.get("Referer", ""))
        if came_from.path == reverse("lead", args=[request.workspace.slug, lead.pk]):
            data = QueryDict(came_from.query)
    return list_query(data) if "tab" in data else None
