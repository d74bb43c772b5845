"""What is to be done next with a lead, and what members note about it."""

from datetime import date

from leads.models import ActivityCode, Lead
from leads.operators import activities
from workspaces.models import Membership


def add_note(*, lead: Lead, text: str, by: Membership) -> None:
    """Keep a note about a lead. text: not empty. Raises CannotChange."""
    with activities.deed(lead, by, ActivityCode.NOTED) as made:
        made.text = text


def set_next_step(*, lead: Lead, text: str, on: date, by: Membership) -> None:
    """Plan what comes next, on a day: until then the lead waits for nobody. Raises CannotChange."""
    with activities.deed(lead, by, ActivityCode.NEXT_STEP_SET) as made:
        activities.require_open(made.lead)
        made.before, made.after, made.text = _day(made.lead), on.isoformat(), text
        _write(made.lead, text, on)


def end_next_step(*, lead: Lead, by: Membership) -> None:
    """Say that the next step is done, or that it is not wanted any more. Raises CannotChange."""
    with activities.deed(lead, by, ActivityCode.NEXT_STEP_DONE) as made:
        if not made.lead.next_step:
            raise activities.CannotChange("This lead has no next step any more.")
        made.before, made.text = _day(made.lead), made.lead.next_step
        _write(made.lead, "", None)


def _day(lead: Lead) -> str:
    return lead.next_step_on.isoformat() if lead.next_step_on else ""


def _write(lead: Lead, text: str, on: date | None) -> None:
    lead.next_step, lead.next_step_on = text, on
    lead.save(update_fields=["next_step", "next_step_on"])
