"""The log: /admin/<slug>/logs."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from coachbot.http.form_pages import polled_from
from coachbot.http.paging import paginate, without_cursor
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
    context = paginate(request, _rows(request, filters))
    explain.read(request.workspace, context["page"].rows)
    context |= {
        "filters": filters,
        "is_filtered": filters.is_valid() and any(filters.cleaned_data.values()),
        "watch_url": _watch_url(request, context["page"]),
    }
    return render(request, "workspaces/logs.html", context)


@workspace_member()
@polled_from("logs")
def new_rows(request):
    """GET .../logs/new?newer=<cursor>: rows since then, for a page that is being watched."""
    page = paginate(request, _rows(request, LogFilter(request.GET)))["page"]
    if not page.rows:
        return HttpResponse(status=204)
    explain.read(request.workspace, page.rows)
    response = render(request, "workspaces/_log_rows.html", {"page": page})
    response.headers["X-Newest"] = page.newest
    return response


@workspace_member()
@require_safe
def log_entry(request, entry_id):
    """GET .../logs/<id>: one row with what was sent and what came back."""
    entry = get_object_or_404(request.workspace.log, pk=entry_id)
    explain.read(request.workspace, [entry])
    context = {
        "entry": entry,
        "sent": explain.pretty(entry.request),
        "came_back": explain.pretty(entry.response),
    }
    return render(request, "workspaces/log_entry.html", context)


def _rows(request, filters):
    if not filters.is_valid():
        return request.workspace.log.none()
    return queries.rows(request.workspace, lead_id=filters.lead_id, **filters.cleaned_data)


def _watch_url(request, page) -> str:
    """Return where new rows are asked for; "" on older pages, where none can appear."""
    if without_cursor(request) != request.GET:
        return ""
    query = without_cursor(request)
    query["newer"] = page.newest or BEFORE_ALL
    return f"{reverse('new_log_rows', args=[request.workspace.slug])}?{query.urlencode()}"
