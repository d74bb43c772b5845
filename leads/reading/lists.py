"""Reads over leads for the dashboard. Every one is served by an index."""

from datetime import date

from django.db.models import Prefetch, QuerySet

from leads.models import Call
from leads.reading.search import search
from workspaces.log.queries import in_days
from workspaces.models import Workspace


def leads(
    workspace: Workspace,
    *,
    text: str = "",
    status: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet:
    """Return the accepted leads that fit. since, until: days in the current time zone."""
    found = workspace.leads.accepted()
    if status:
        found = found.filter(status=status)
    found = in_days(found, since, until)
    return search(found, text, country=workspace.default_country)


def with_calls(queryset: QuerySet) -> QuerySet:
    """Return leads with their calls at hand as `recent_calls`, the latest first."""
    calls = Call.objects.order_by("-created_at").defer("transcript", "turns", "summary")
    return queryset.prefetch_related(Prefetch("calls", calls, to_attr="recent_calls"))
