"""Leads that waited and are offered to a person: what held them has fallen away, and nobody is
called by itself for it.

The reasons are the contract's (section 10, "Offered to a person").
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from leads.contact import rules
from leads.models import HeldBecause, Lead, LeadStatus, Step, StepKind
from workspaces.connections import connected
from workspaces.models import Workspace

# What each held, once it holds no more.
WAITED = {
    HeldBecause.PAUSED: "while the agent was paused",
    HeldBecause.COUNTRY: "while their numbers were not allowed",
    HeldBecause.NOT_CONNECTED: "while no account was connected",
    HeldBecause.WITH_PERSON: "while a member looked after them",
}
# More than this are said to be so many "or more"; they are called all the same.
MOST_COUNTED = 1_000
# Whether a number is allowed has to be asked of each: so many of the newest are.
NUMBERS_LOOKED_AT = 200
SETTLED = (LeadStatus.BOOKED, LeadStatus.UNQUALIFIED)


@dataclass(frozen=True)
class Offer:
    """How many leads waited, and since when the first of them did."""

    because: HeldBecause
    count: int
    since: datetime

    @property
    def waited(self) -> str:
        return WAITED[self.because]

    @property
    def has_more(self) -> bool:
        return self.count >= MOST_COUNTED


def offers(workspace: Workspace) -> Iterator[Offer]:
    """Yield what is offered of a workspace now; nothing for a rule that still holds."""
    for because in _reasons(workspace):
        parts = _parts(workspace, because)
        count = sum(part.order_by()[:MOST_COUNTED].count() for part in parts)
        if count:
            begun = [
                part.order_by("created_at").values_list("created_at").first() for part in parts
            ]
            yield Offer(because, min(count, MOST_COUNTED), min(filter(None, begun))[0])


def _reasons(workspace: Workspace) -> Iterator[HeldBecause]:
    """Yield the reasons for which anything waits, whether it is offered or not. One query."""
    if workspace.is_paused:
        return
    ours = OuterRef("pk")
    held = Lead.objects.exclude(held_because="").filter(workspace=ours)
    steps = Step.objects.planned().filter(workspace=ours, due_at=None)
    waits = {
        code.value: ExpressionWrapper(
            Q(Exists(held.filter(held_because=code))) | Q(Exists(steps.filter(held_because=code))),
            output_field=BooleanField(),
        )
        for code in WAITED
    }
    found = Workspace.objects.filter(pk=workspace.pk).values(**waits).first() or {}
    yield from (code for code in WAITED if found.get(code.value))


def leads(
    workspace: Workspace, because: HeldBecause, *, among: Sequence[uuid.UUID] | None = None
) -> QuerySet[Lead]:
    """Return the leads that waited for a reason; none where it still holds.

    among: of these alone.
    """
    parts = [part.order_by().values("pk") for part in _parts(workspace, because, among)]
    if not parts:
        return workspace.leads.none()
    return workspace.leads.filter(pk__in=parts[0].union(*parts[1:], all=True))


def _parts(
    workspace: Workspace, because: HeldBecause, among: Sequence[uuid.UUID] | None = None
) -> list[QuerySet[Lead]]:
    """Return those that were never contacted, and those whose next contact waits: no lead twice."""
    if _still_holds(workspace, because):
        return []
    open_leads = workspace.leads.accepted().without_tests().filter(closed_as="")
    if among is not None:
        open_leads = open_leads.filter(pk__in=among)
    never = open_leads.exclude(held_because="").filter(
        held_because=because, status=LeadStatus.NEW, steps=None
    )
    waiting = Step.objects.planned().filter(
        Q(kind__in=[StepKind.FIRST, StepKind.CALLBACK])
        | (Q(lead__owner=None) & ~Q(lead__status=LeadStatus.NEEDS_HUMAN)),
        workspace=workspace,
        held_because=because,
        due_at=None,
    )
    stopped = open_leads.filter(pk__in=waiting.values("lead"))
    parts = [
        part.exclude(status__in=SETTLED).exclude(held_because=HeldBecause.DO_NOT_CALL)
        for part in (never, stopped)
    ]
    return parts if because != HeldBecause.COUNTRY else [_allowed(part) for part in parts]


def _still_holds(workspace: Workspace, because: HeldBecause) -> bool:
    if workspace.is_paused:
        return True
    return because == HeldBecause.NOT_CONNECTED and not connected.is_connected(workspace)


def _allowed(part: QuerySet[Lead]) -> QuerySet[Lead]:
    newest = part.select_related("workspace").order_by("-created_at")[:NUMBERS_LOOKED_AT]
    allowed = [lead.pk for lead in newest if rules.allows_number(lead)]
    return part.filter(pk__in=allowed)
