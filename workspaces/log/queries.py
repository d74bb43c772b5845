"""Reads over the log. Every one is served by an index; see LogEntry.Meta."""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from workspaces.log.actions import Action
from workspaces.models import LogEntry, LogKind, Outcome, Workspace

# All that went wrong.
PROBLEMS = "problems"
WENT_WRONG = (Outcome.FAILED, Outcome.REFUSED, Outcome.UNCLEAR)
A_DAY = timedelta(days=1)
# What members do that places a call.
CALLING = (Action.CALL_LEAD, Action.ADD_LEAD, Action.TAKE_IN_REFUSED)


def rows(
    workspace: Workspace,
    *,
    outcome: str = "",
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
    about: str = "",
    lead_id=None,
    key: str = "",
) -> QuerySet:
    """Return the rows that fit, without what was sent and came back: that can be long.

    since, until: days in the current time zone, both included. about: a request id.
    lead_id: beside it, a lead's. outcome: one of Outcome, or PROBLEMS. key: the visible part of
    an API key.
    """
    found = workspace.log.defer("request", "response")
    if key:
        found = found.filter(key=key)
    if outcome == PROBLEMS:
        found = found.filter(outcome__in=WENT_WRONG)
    elif outcome:
        found = found.filter(outcome=outcome)
    if kind:
        found = found.filter(kind=kind)
    if about:
        found = found.filter(
            Q(request_id=about) | Q(lead_id=lead_id) if lead_id else Q(request_id=about)
        )
    return in_days(found, since, until)


def problems(workspace: Workspace) -> QuerySet:
    """Return the rows of what went wrong."""
    return workspace.log.filter(outcome__in=WENT_WRONG)


def in_days(queryset: QuerySet, since: date | None, until: date | None) -> QuerySet:
    """Return the rows made on the days from `since` to `until` in the current time zone."""
    if since:
        queryset = queryset.filter(created_at__gte=start_of(since))
    if until:
        queryset = queryset.filter(created_at__lt=start_of(until + timedelta(days=1)))
    return queryset


def start_of(day: date) -> datetime:
    """Return when a day begins in the current time zone."""
    return timezone.make_aware(datetime.combine(day, time()))


def dispatch_failures(workspace: Workspace, *, since: datetime) -> QuerySet:
    """Return the rows that tell of a lead who could not be called."""
    return workspace.log.filter(
        Q(kind=LogKind.API_REQUEST, status_code=502)
        | Q(kind=LogKind.OPERATOR_ACTION, code__in=CALLING),
        outcome=Outcome.FAILED,
        created_at__gte=since,
    )


def last_done(workspace: Workspace, action: Action) -> datetime | None:
    """Return when members did something the last time, and it worked out."""
    rows = workspace.log.filter(kind=LogKind.OPERATOR_ACTION, code=action)
    done = rows.filter(outcome=Outcome.SUCCEEDED).order_by("-created_at", "-id")
    return done.values_list("created_at", flat=True).first()


def failures_of(workspace: Workspace, provider: str, *, since: datetime) -> QuerySet:
    """Return the requests about leads that a provider has not done, the latest first.

    provider: how its codes begin, such as `calcom.`.
    """
    rows = workspace.log.filter(
        outcome__in=WENT_WRONG,
        kind=LogKind.PROVIDER_REQUEST,
        code__startswith=provider,
        lead_id__isnull=False,
        created_at__gte=since,
    )
    return rows.only("error_code", "lead_id", "created_at").order_by("-created_at", "-id")


def last_success_of(workspace: Workspace, provider: str, *, since: datetime) -> datetime | None:
    """Return when a provider did the last time what it was asked to."""
    rows = workspace.log.filter(
        kind=LogKind.PROVIDER_REQUEST,
        outcome=Outcome.SUCCEEDED,
        code__startswith=provider,
        created_at__gte=since,
    )
    return rows.order_by("-created_at", "-id").values_list("created_at", flat=True).first()


def was_told(workspace: Workspace, code: str, error_code: str, *, since: datetime) -> bool:
    """Return whether an alert of a code was written for the same reason since a moment."""
    alerts = workspace.log.filter(kind=LogKind.ALERT, code=code, error_code=error_code)
    return alerts.filter(created_at__gte=since).exists()


def written_since(moment: datetime, *, workspace: str) -> Exists:
    """Return the condition that a workspace's log has a row since then. workspace: the column with
    its id.
    """
    return Exists(LogEntry.objects.filter(workspace=OuterRef(workspace), created_at__gte=moment))
