"""The end of the work on a lead, for people. What the API says of it does not change."""

from django.utils import timezone

from leads.contact.planned import steps
from leads.models import ActivityCode, ClosedAs, Lead
from leads.operators import activities
from workspaces.models import Membership


def close(*, lead: Lead, closed_as: ClosedAs, by: Membership, reason: str = "") -> None:
    """End the work on a lead, or say that it ended otherwise: it waits for nobody any more.

    Its next step and a call-back go, and it is not called until it is reopened. reason: in the
    member's words. Raises CannotChange.
    """
    with activities.deed(lead, by, ActivityCode.CLOSED) as made:
        made.before, made.after, made.text = made.lead.closed_as, closed_as.value, reason
        _write(made.lead, closed_as.value)
        steps.drop_callback(made.lead)


def reopen(*, lead: Lead, by: Membership) -> None:
    """Take the work on a lead up again, where it stood. Raises CannotChange."""
    with activities.deed(lead, by, ActivityCode.REOPENED) as made:
        made.before = made.lead.closed_as
        if not made.lead.is_closed:
            raise activities.CannotChange("This lead is open already.")
        _write(made.lead, "")


def _write(lead: Lead, closed_as: str) -> None:
    lead.closed_as, lead.closed_at = closed_as, timezone.now() if closed_as else None
    lead.next_step, lead.next_step_on = "", None
    lead.save(update_fields=["closed_as", "closed_at", "next_step", "next_step_on"])
