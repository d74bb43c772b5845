"""The contact that comes next with a lead, as its page shows it, and whose clock it goes by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from coachbot import zones
from leads.contact.planned import attempts, callbacks
from leads.models import Call, Lead, StepKind
from leads.operators import following
from leads.snapshot import inquiry


@dataclass(frozen=True)
class Coming:
    """What is planned. number: which attempt of how many it is. at: when, at the earliest.

    lead_time: the same by the lead's clock, in words. due: the same for the form that skips it.
    """

    number: int
    planned: int
    at: datetime
    lead_time: str
    is_callback: bool
    may_skip: bool
    due: str
    notes: str


@dataclass(frozen=True)
class LeadClock:
    """In which zone a lead is. note: what is not sure of that, in a sentence; "" where it is."""

    zone: str
    is_known: bool
    note: str


def follow_up_of(lead: Lead, calls: Sequence[Call]) -> inquiry.FollowUp | None:
    """Return how far a lead is followed. calls: all of the lead's."""
    step = lead.steps.planned().first()
    made = attempts.made(lead) if not lead.workspace.is_voice else _made_of(lead, calls)
    due_at, step_held = (step.due_at, step.held_because) if step else (None, None)
    return inquiry.follow_up(lead.workspace, lead, made, due_at, step_held, has_call=bool(calls))


def _made_of(lead: Lead, calls: Sequence[Call]) -> int:
    rang = sum(call.used_budget is True for call in calls)
    return rang + int(lead.steps.skipped().count())


def coming(lead: Lead, *, made: int, planned: int) -> Coming | None:
    """Return what comes next with a lead, None where nothing has a time.

    made, planned: how many attempts were made, and how many there are to be.
    """
    step = lead.steps.planned().first()
    if step is None or step.due_at is None:
        return None
    return Coming(
        number=min(made + 1, planned),
        planned=planned,
        at=step.due_at,
        lead_time=in_lead_time(lead, step.due_at),
        is_callback=step.kind == StepKind.CALLBACK,
        may_skip=step.kind in following.SKIPPABLE,
        due=following.due_text(step),
        notes=step.notes,
    )


def in_lead_time(lead: Lead, moment: datetime) -> str:
    """Return a moment by the lead's clock: `Thu 26 Nov, 10:30`."""
    local = moment.astimezone(callbacks.zone_of(lead, moment)[0])
    return f"{local:%a} {local.day} {local:%b, %H:%M}"


def clock_of(lead: Lead) -> LeadClock:
    """Return whose clock goes for a lead, and why."""
    zone, is_known = callbacks.zone_of(lead, timezone.now())
    return LeadClock(zone.key, is_known, _note(lead, zone.key, is_known))


def _note(lead: Lead, zone: str, is_known: bool) -> str:
    whose = "the number's" if zone != lead.workspace.zone_name or is_known else "the workspace's"
    if lead.timezone and not zones.read(lead.timezone):
        return f"Timezone “{lead.timezone}” could not be read; hours go by {whose} ({zone})."
    return ""
