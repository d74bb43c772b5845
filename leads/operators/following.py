"""What members do about further calls of the agent's own accord."""

from leads.contact import steps
from leads.models import ActivityCode, Lead
from leads.operators import activities
from workspaces.models import Membership


def stop(*, lead: Lead, by: Membership) -> None:
    """Drop what is planned with a lead; a call that is over later plans anew. Raises CannotChange
    where nothing is planned any more.
    """
    with activities.deed(lead, by, ActivityCode.FOLLOW_UP_STOPPED) as made:
        if not steps.drop(made.lead):
            raise activities.CannotChange("No further call is planned any more.")
