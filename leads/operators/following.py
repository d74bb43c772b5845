"""What members do about further calls of the agent's own accord."""

from datetime import datetime

from leads.contact.planned import attempts, callbacks, steps
from leads.models import ActivityCode, Lead, Step, StepKind
from leads.operators import activities
from leads.operators.activities import CannotChange
from workspaces.models import Membership

NOTHING_PLANNED = "No further call is planned any more."
SKIPPABLE = (StepKind.ATTEMPT, StepKind.RETRY)


def stop(*, lead: Lead, by: Membership) -> None:
    """Drop what is planned with a lead; a call that is over later plans anew. Raises CannotChange
    where nothing is planned any more.
    """
    with activities.deed(lead, by, ActivityCode.FOLLOW_UP_STOPPED) as made:
        if not steps.drop(made.lead):
            raise CannotChange(NOTHING_PLANNED)


def skip(*, lead: Lead, by: Membership, seen_due: str | None = None) -> None:
    """Leave the next attempt of the plan out: the one after it comes next, or the plan is over.

    seen_due: when the attempt was due that the member saw, in ISO 8601. Raises CannotChange.
    """
    with activities.deed(lead, by, ActivityCode.ATTEMPT_SKIPPED) as made:
        step = made.lead.steps.planned().first()
        if step is None or step.kind not in SKIPPABLE:
            raise CannotChange("No attempt of the plan comes next any more.")
        if seen_due is not None and seen_due != due_text(step):
            raise CannotChange("Meanwhile another attempt comes next.")
        made.before = due_text(step)
        if not attempts.skip(made.lead, step):
            raise CannotChange(NOTHING_PLANNED)


def due_text(step: Step) -> str:
    """Return when a step is due as text that tells it from others, "" for one that waits."""
    return step.due_at.isoformat(timespec="seconds") if step.due_at else ""


def call_back(*, lead: Lead, at: datetime, notes: str, by: Membership) -> None:
    """Plan a call to a lead at a time that it asked for. Raises CannotChange, and
    callbacks.NotPossible where nobody can be called then.
    """
    with activities.deed(lead, by, ActivityCode.CALLBACK_PLANNED) as made:
        activities.require_open(made.lead)
        made.after, made.text = at.isoformat(timespec="seconds"), notes
        try:
            callbacks.plan(made.lead, at, notes=notes)
        except callbacks.NotWanted as error:
            raise CannotChange(str(error)) from error
