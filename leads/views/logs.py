"""The log: /admin/<slug>/logs. Here and not among the pages of workspaces, as people are found by
their leads.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from coachbot.http.pages.form_pages import polled_from
from coachbot.http.pages.paging import paginate, without_cursor
from leads.reading.logs import incidents, searching
from workspaces.access import workspace_member
from workspaces.forms.pages import LogFilter
from workspaces.log import explain, queries

# A cursor that every row is newer than.
BEFORE_ALL = "0-0"


@workspace_member()
@require_safe
def logs(request):
    """GET .../logs: newest first, a page at a time."""
    filters = LogFilter(request.GET)
    found = _found(request, filters)
    context = paginate(request, found.rows)
    context |= {
        "incidents": _incidents(request, context["page"]),
        "filters": filters,
        "is_filtered": filters.is_valid() and any(filters.cleaned_data.values()),
        "is_cut": found.is_cut,
        "most_people": searching.MOST_PEOPLE,
        "watch_url": _watch_url(request, context["page"]),
    }
    return render(request, "workspaces/logs.html", context)


@workspace_member()
@polled_from("logs")
def new_rows(request):
    """GET .../logs/new?newer=<cursor>: rows since then, for a page that is being watched."""
    page = paginate(request, _found(request, LogFilter(request.GET)).rows)["page"]
    if not page.rows:
        return HttpResponse(status=204)
    context = {"incidents": _incidents(request, page)}
    response = render(request, "workspaces/_log_rows.html", context)
    response.headers["X-Newest"] = page.newest
    return response


@workspace_member()
@require_safe
def log_entry(request, entry_id):
    """GET .../logs/<id>: one row with what was sent and what came back."""
    entry = get_object_or_404(request.workspace.log, pk=entry_id)
    [entry] = incidents.together(request.workspace, [entry])
    explain.read(request.workspace, [entry, *entry.others])
    context = {
        "entry": entry,
        "sent": explain.pretty(entry.request),
        "came_back": explain.pretty(entry.response),
    }
    return render(request, "workspaces/log_entry.html", context)


def _found(request, filters: LogFilter) -> searching.Found:
    if not filters.is_valid():
        return searching.Found(request.workspace.log.none())
    asked = dict(filters.cleaned_data)
    text = asked.pop("text")
    rows = queries.rows(request.workspace, lead_id=filters.lead_id, **asked)
    return searching.find(request.workspace, rows, text)


def _incidents(request, page):
    found = incidents.together(request.workspace, page.rows)
    others = [other for head in found for other in head.others]
    explain.read(request.workspace, [*found, *others])
    return found


def _watch_url(request, page) -> str:
    """Return where new rows are asked for; "" on older pages, where none can appear."""
    if without_cursor(request) != request.GET:
        return ""
    query = without_cursor(request)
    query["newer"] = page.newest or BEFORE_ALL
    return f"{reverse('new_log_rows', args=[request.workspace.slug])}?{query.urlencode()}"
