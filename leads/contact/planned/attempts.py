"""The attempts of a follow-up plan: how many were made, when the next one is due, and the end.

In the transaction that writes what became of the last one, with the lead's row locked.
"""

from dataclasses import dataclass
from datetime import datetime

from coachbot.db import clock
from leads import events, notices
from leads.contact import rules
from leads.contact.planned import plan, steps
from leads.contact.rules import Purpose
from leads.models import GONE_OUT, Lead, LeadStatus, Message, Step, StepKind


@dataclass(frozen=True)
class Progress:
    """How far the follow-up of a lead is: attempts that used the budget, or that were skipped, and
    all there may be.
    """

    made: int
    planned: int

    @property
    def is_over(self) -> bool:
        return self.made >= self.planned


def progress(lead: Lead) -> Progress:
    """Return how far the follow-up of a lead is."""
    planned = lead.workspace.plan.attempts
    return Progress(min(made(lead), planned), planned)


def made(lead: Lead) -> int:
    """Return how many attempts to reach a lead used the budget, or were skipped."""
    called = int(lead.calls.filter(used_budget=True).count())
    return called + _written(lead) + int(lead.steps.skipped().count())


def _written(lead: Lead) -> int:
    """Return how many messages without an answer may have reached a lead."""
    if lead.workspace.is_voice:
        return 0
    made = Message.objects.filter(conversation__lead=lead, purpose__in=rules.UNASKED)
    return int(made.filter(status__in=GONE_OUT).count())


def next_one(lead: Lead, *, since: datetime) -> datetime | None:
    """Return when the next attempt is due, after one that ended at a moment; None without one."""
    reached, gaps = progress(lead), lead.workspace.plan.gaps
    if reached.is_over or not gaps:
        return None
    return plan.due(
        gaps[max(reached.made - 1, 0)],
        since=since,
        allowed=rules.hours_of(lead, Purpose.PLANNED),
        zones=rules.zones_of(lead, since),
    )


def stop(lead: Lead) -> None:
    """Make no further attempt: the plan is over, where there is one."""
    if lead.workspace.plan.gaps:
        end(lead)
    else:
        steps.drop(lead)


def end(lead: Lead) -> None:
    """Note, once, that the plan is over and nobody was reached."""
    steps.drop(lead)
    if lead.unreached_at is None and lead.status == LeadStatus.NEW:
        lead.unreached_at = clock.now()
        unreached = Lead.objects.filter(pk=lead.pk, unreached_at=None)
        if unreached.update(unreached_at=lead.unreached_at):
            events.lead_unreached(lead)
            notices.unreached(lead)


def skip(lead: Lead, step: Step) -> bool:
    """Leave out the attempt that a step was to be, and plan the one after it, as long after its
    time; or end the plan. Return False where the step is gone.

    Where the lead's row is locked by whoever calls.
    """
    if not steps.skip(step):
        return False
    since = max(step.due_at or clock.now(), clock.now())
    following = next_one(lead, since=since)
    if following is None:
        end(lead)
    else:
        steps.plan(lead, StepKind.ATTEMPT, following)
    return True
