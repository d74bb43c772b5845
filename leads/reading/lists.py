"""Reads over leads for the dashboard. Every one is served by an index."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from leads.contact.sentences import in_short
from leads.models import Call, Conversation, HeldBecause, Step
from leads.models.source import source as source_of
from leads.reading.listed.sorting import sortable
from leads.reading.listed.tabs import leads_in
from leads.reading.search import search
from leads.snapshot import inquiry
from workspaces.log.queries import in_days
from workspaces.models import Channel, Workspace

# Besides the ends themselves.
OPEN, CLOSED = "open", "closed"
NOBODY = "nobody"
# No call to the lead is over yet.
NEVER = "never"
FEW = 1_000
# Whom the agent has had to do with: called or written to, and reached.
CONTACTED, REACHED = "contacted", "reached"
# In the place of all: without the members' own numbers, as figures are.
WITHOUT_TESTS = "without"
# What comes next with a lead. Of held ones also `held:` and the reason.
PLANNED, HELD, NOTHING, NOT_REACHED = "planned", "held", "none", "not_reached"
# What holds no lead that is written to.
OF_CALLS = (HeldBecause.LINES_FULL, HeldBecause.CALLBACK_REQUESTED)


def next_choices(workspace: Workspace) -> list[tuple[str, str]]:
    """Return what may come next with a lead, as value and label."""
    codes = [code for code in HeldBecause if workspace.is_voice or code not in OF_CALLS]
    return [
        (PLANNED, "Attempt planned"),
        (HELD, "Held"),
        *((f"{HELD}:{code.value}", f"Held: {in_short(workspace, code)}") for code in codes),
        (NOT_REACHED, "Not reached, plan is over"),
        (NOTHING, "Nothing planned"),
    ]


def leads(
    workspace: Workspace,
    *,
    tab: str = "",
    text: str = "",
    status: str = "",
    owner: str = "",
    end: str = "",
    next: str = "",
    outcome: str = "",
    contact: str = "",
    tests: str = "",
    source: str = "",
    sort: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet:
    """Return the accepted leads that fit, with what their order goes by.

    tab: of listed.tabs. owner: the key of a member, or NOBODY. end: a value of ClosedAs, or OPEN,
    or CLOSED. next: a value of next_choices().
    outcome: a value of LastOutcome, or NEVER. contact: CONTACTED or REACHED. tests: WITHOUT_TESTS,
    or all. source: of leads.models.source. sort: of listed.sorting. since, until: days in the
    current time zone.
    """
    found = _had_to_do_with(leads_in(workspace, tab), contact)
    if tests == WITHOUT_TESTS:
        found = found.filter(is_test=False)
    if outcome:
        found = found.filter(last_outcome="" if outcome == NEVER else outcome)
    if source:
        found = found.alias(source=source_of()).filter(source=source)
    if status:
        found = found.filter(status=status)
    if owner:
        found = found.filter(owner=None if owner == NOBODY else owner)
    if end:
        found = _ended(found, end)
    if next:
        found = _with_next(workspace, found, next)
    found = in_days(found, since, until)
    found = search(found, text, country=workspace.default_country)
    return sortable(workspace, found, sort)


def _had_to_do_with(leads: QuerySet, contact: str) -> QuerySet:
    if contact == CONTACTED:
        return leads.filter(first_contact_at__isnull=False)
    return leads.filter(reached_at__isnull=False) if contact == REACHED else leads


def _ended(leads: QuerySet, end: str) -> QuerySet:
    if end == OPEN:
        return leads.filter(closed_as="")
    closed = leads.exclude(closed_as="")
    return closed if end == CLOSED else closed.filter(closed_as=end)


def _with_next(workspace: Workspace, leads: QuerySet, next: str) -> QuerySet:
    kind, _, code = next.partition(":")
    if kind == HELD:
        return _held(workspace, leads, code)
    if kind == NOT_REACHED:
        return leads.filter(unreached_at__isnull=False)
    planned = Step.objects.planned().filter(workspace=workspace)
    if kind == PLANNED:
        return leads.filter(pk__in=planned.filter(held_because="").values("lead"))
    nothing = leads.filter(held_because="", unreached_at=None)
    return nothing.filter(~Exists(planned.filter(lead=OuterRef("pk"))))


def _held(workspace: Workspace, leads: QuerySet, code: str) -> QuerySet:
    """Return those that are held: by their planned step, or where they have none, themselves.

    Each of the two has an index, and no index has both. So few are looked up, and among many one
    goes from the newest lead on.
    """
    planned = Step.objects.planned().filter(workspace=workspace)
    steps = planned.exclude(held_because="")
    own = Q(~Exists(planned.filter(lead=OuterRef("pk")))) & ~Q(held_because="")
    if code:
        steps, own = steps.filter(held_because=code), own & Q(held_because=code)
    number_of_steps = steps[:FEW].count()
    number_of_leads = workspace.leads.filter(own).order_by()[:FEW].count()
    if not number_of_steps:
        return leads.filter(own)
    if not number_of_leads:
        return leads.filter(pk__in=steps.values("lead"))
    if number_of_steps + number_of_leads < FEW:
        found = workspace.leads.filter(own).order_by().values("pk")
        return leads.filter(pk__in=steps.values("lead").union(found, all=True))
    return leads.filter(own | Exists(steps.filter(lead=OuterRef("pk"))))


def with_contacts(workspace: Workspace, queryset: QuerySet) -> QuerySet:
    """Return leads with what a list shows of each, and with what inquiry.follow_up_in() reads.

    That is their calls as `recent_calls`, the latest first; of those that are written to the
    moments of the last messages as `last_inbound_at` and `last_outbound_at`.
    """
    followed = inquiry.followed(queryset).select_related("owner__user")
    followed = followed.annotate(came_from=source_of())
    if workspace.is_whatsapp:
        return with_last_messages(workspace, followed)
    calls = Call.objects.order_by("-created_at").defer("transcript", "turns", "summary")
    return followed.prefetch_related(Prefetch("calls", calls, to_attr="recent_calls"))


def with_last_messages(workspace: Workspace, leads: QuerySet) -> QuerySet:
    """Return leads with when they wrote last, and when they were written to; as they are where the
    workspace calls its leads.
    """
    if not workspace.is_whatsapp:
        return leads
    written = Conversation.objects.filter(lead=OuterRef("pk"), channel=Channel.WHATSAPP)
    moments = ("last_inbound_at", "last_outbound_at")
    return leads.annotate(**{name: Subquery(written.values(name)) for name in moments})
