"""Reads over leads for the dashboard. Every one is served by an index."""

from datetime import date

from django.db.models import Prefetch, QuerySet

from leads.contact.sentences import IN_SHORT
from leads.models import Call, HeldBecause, Step
from leads.reading import inquiry
from leads.reading.search import search
from workspaces.log.queries import in_days
from workspaces.models import Workspace

# Besides the ends themselves.
OPEN, CLOSED = "open", "closed"
NOBODY = "nobody"
# What comes next with a lead. Of held ones also `held:` and the reason.
PLANNED, HELD, NOTHING, NOT_REACHED = "planned", "held", "none", "not_reached"
NEXT = (
    (PLANNED, "Attempt planned"),
    (HELD, "Held"),
    *((f"{HELD}:{code.value}", f"Held: {IN_SHORT[code]}") for code in HeldBecause),
    (NOT_REACHED, "Not reached, plan is over"),
    (NOTHING, "Nothing planned"),
)


def leads(
    workspace: Workspace,
    *,
    text: str = "",
    status: str = "",
    owner: str = "",
    end: str = "",
    next: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet:
    """Return the accepted leads that fit. since, until: days in the current time zone.

    owner: the key of a member, or NOBODY. end: a value of ClosedAs, or OPEN, or CLOSED. next: a
    key of NEXT.
    """
    found = workspace.leads.accepted()
    if status:
        found = found.filter(status=status)
    if owner:
        found = found.filter(owner=None if owner == NOBODY else owner)
    if end:
        found = _ended(found, end)
    if next:
        found = _with_next(workspace, found, next)
    found = in_days(found, since, until)
    return search(found, text, country=workspace.default_country)


def _ended(leads: QuerySet, end: str) -> QuerySet:
    if end == OPEN:
        return leads.filter(closed_as="")
    closed = leads.exclude(closed_as="")
    return closed if end == CLOSED else closed.filter(closed_as=end)


def _with_next(workspace: Workspace, leads: QuerySet, next: str) -> QuerySet:
    planned = Step.objects.planned().filter(workspace=workspace)
    kind, _, code = next.partition(":")
    if kind == PLANNED:
        return leads.filter(pk__in=planned.filter(held_because="").values("lead"))
    if kind == HELD:
        return leads.filter(pk__in=_held(workspace, planned, code))
    if kind == NOT_REACHED:
        return leads.filter(unreached_at__isnull=False)
    return leads.filter(held_because="", unreached_at=None).exclude(pk__in=planned.values("lead"))


def _held(workspace: Workspace, planned: QuerySet, code: str) -> QuerySet:
    """Return the ids of leads that are held: by their planned step, or where they have none."""
    steps = planned.exclude(held_because="")
    leads = workspace.leads.exclude(held_because="").exclude(pk__in=planned.values("lead"))
    if code:
        steps, leads = steps.filter(held_because=code), leads.filter(held_because=code)
    return steps.values("lead").union(leads.values("pk"), all=True)


def with_calls(queryset: QuerySet) -> QuerySet:
    """Return leads with their calls at hand as `recent_calls`, the latest first, and with what
    inquiry.follow_up_in() reads.
    """
    calls = Call.objects.order_by("-created_at").defer("transcript", "turns", "summary")
    return inquiry.followed(queryset).prefetch_related(
        Prefetch("calls", calls, to_attr="recent_calls")
    )
