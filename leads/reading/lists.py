"""Reads over leads for the dashboard. Every one is served by an index."""

from datetime import date

from django.db.models import Prefetch, QuerySet

from leads.models import Call
from leads.reading.search import search
from workspaces.log.queries import in_days
from workspaces.models import Workspace

# Besides the ends themselves.
OPEN, CLOSED = "open", "closed"
NOBODY = "nobody"


def leads(
    workspace: Workspace,
    *,
    text: str = "",
    status: str = "",
    owner: str = "",
    end: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet:
    """Return the accepted leads that fit. since, until: days in the current time zone.

    owner: the key of a member, or NOBODY. end: a value of ClosedAs, or OPEN, or CLOSED.
    """
    found = workspace.leads.accepted()
    if status:
        found = found.filter(status=status)
    if owner:
        found = found.filter(owner=None if owner == NOBODY else owner)
    if end:
        found = _ended(found, end)
    found = in_days(found, since, until)
    return search(found, text, country=workspace.default_country)


def _ended(leads: QuerySet, end: str) -> QuerySet:
    if end == OPEN:
        return leads.filter(closed_as="")
    closed = leads.exclude(closed_as="")
    return closed if end == CLOSED else closed.filter(closed_as=end)


def with_calls(queryset: QuerySet) -> QuerySet:
    """Return leads with their calls at hand as `recent_calls`, the latest first."""
    calls = Call.objects.order_by("-created_at").defer("transcript", "turns", "summary")
    return queryset.prefetch_related(Prefetch("calls", calls, to_attr="recent_calls"))
