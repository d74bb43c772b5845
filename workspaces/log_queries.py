"""Reads over the log. Every one is served by an index; see LogEntry.Meta."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from coachbot.providers import vapi_errors
from workspaces.models import LogKind, Outcome, Workspace

# What the overview counts of failures; more than these tell nothing new.
MOST_FAILURES = 500


def rows(
    workspace: Workspace,
    *,
    outcome: str = "",
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
    about: str = "",
    lead_id=None,
) -> QuerySet:
    """Return the rows that fit, without what was sent and came back: that can be long.

    since, until: days in the current time zone, both included. about: a request id.
    lead_id: beside it, a lead's.
    """
    found = workspace.log.defer("request", "response")
    if outcome:
        found = found.filter(outcome=outcome)
    if kind:
        found = found.filter(kind=kind)
    if about:
        found = found.filter(
            Q(request_id=about) | Q(lead_id=lead_id) if lead_id else Q(request_id=about)
        )
    return in_days(found, since, until)


def in_days(queryset: QuerySet, since: date | None, until: date | None) -> QuerySet:
    """Return the rows made on the days from `since` to `until` in the current time zone."""
    if since:
        queryset = queryset.filter(created_at__gte=_start_of(since))
    if until:
        queryset = queryset.filter(created_at__lt=_start_of(until + timedelta(days=1)))
    return queryset


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def failed_dispatches(workspace: Workspace, *, since: datetime) -> list[tuple]:
    """Return the causes why leads were not called, with their number, the frequent first."""
    failures = workspace.log.filter(
        outcome=Outcome.FAILED,
        kind__in=[LogKind.API_REQUEST, LogKind.OPERATOR_ACTION],
        created_at__gte=since,
    )
    errors = failures.order_by("-created_at", "-id").values_list("error", flat=True)
    counts: dict = {}
    for error in errors[:MOST_FAILURES]:
        cause = vapi_errors.explain(error)
        counts[cause] = counts.get(cause, 0) + 1
    return sorted(counts.items(), key=lambda item: -item[1])
