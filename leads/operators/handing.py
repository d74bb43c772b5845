"""Who looks after a lead: a member, nobody, or the agent again."""

from django.db import IntegrityError

from leads import status
from leads.calls import progress
from leads.contact.planned import steps
from leads.messages.turns import due
from leads.models import ActivityCode, Lead, StatusReason
from leads.operators import activities
from leads.operators.activities import CannotChange
from workspaces.models import Membership


def take_over(*, lead: Lead, by: Membership, seen_owner: str | None = None) -> None:
    """Make a lead the member's own, and mark it as one that a person looks after. The agent does
    not call it back.

    seen_owner: the key of the owner that the member saw, "" for nobody. Raises CannotChange where
    it is another one by now.
    """
    with activities.deed(lead, by, ActivityCode.TAKEN_OVER) as made:
        now = made.lead
        activities.require_open(now)
        if seen_owner is not None and seen_owner != str(now.owner_id or ""):
            raise CannotChange(f"Meanwhile it became {_whose(now)}.")
        made.before, made.after = now.owner_name, by.user.email
        own(now, by)
        steps.drop_callback(now)
        status.move(now.pk, StatusReason.TAKEN_OVER)


def assign(*, lead: Lead, to: Membership | None, by: Membership) -> None:
    """Give a lead to a member of its workspace, or to nobody. Raises CannotChange."""
    try:
        with activities.deed(lead, by, ActivityCode.ASSIGNED) as made:
            activities.require_open(made.lead)
            made.before, made.after = made.lead.owner_name, to.user.email if to else ""
            if to and to.workspace_id != made.lead.workspace_id:
                raise CannotChange("That is no member of this workspace.")
            own(made.lead, to)
    except IntegrityError as error:
        raise CannotChange("That is not a member any more.") from error


def hand_back(*, lead: Lead, by: Membership) -> None:
    """Give a lead back to the agent, in the status that its history gives it. What it wrote, and
    nobody has answered, the agent answers now.

    A next step stays: on its day somebody is reminded of it. Raises CannotChange.
    """
    was_reached = any(map(progress.was_reached, lead.calls.all())) or due.has_written(lead)
    with activities.deed(lead, by, ActivityCode.HANDED_BACK) as made:
        activities.require_open(made.lead)
        made.before = made.lead.owner_name
        own(made.lead, None)
        status.hand_back(made.lead, was_reached=was_reached)
        due.answer_now(made.lead)


def own(lead: Lead, owner: Membership | None) -> None:
    """Write whose a lead is, None for nobody's, in the caller's transaction."""
    lead.owner = owner
    lead.save(update_fields=["owner"])


def _whose(lead: Lead) -> str:
    return f"that of {lead.owner_name}" if lead.owner_name else "nobody's"
