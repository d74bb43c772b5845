"""The tabs of the list: what needs doing. A lead may stand in none of them but the last."""

from django.db import models
from django.db.models import QuerySet

from leads.models import LeadStatus
from leads.reading import waiting
from workspaces.models import Workspace


class Tab(models.TextChoices):
    """A part of the leads, by what is to be done with them."""

    TO_DO = "to_do", "To do"
    BOOKED = "booked", "Booked"
    NOT_REACHED = "not_reached", "Not reached"
    CLOSED = "closed", "Closed"
    ALL = "all", "All"


def leads_in(workspace: Workspace, tab: str) -> QuerySet:
    """Return the accepted leads in a tab; all of them for "". To do: who waits for a person."""
    leads = workspace.leads.accepted()
    match tab:
        case Tab.TO_DO:
            return waiting.waiting(workspace)
        case Tab.BOOKED:
            return leads.filter(status=LeadStatus.BOOKED, closed_as="")
        case Tab.NOT_REACHED:
            return leads.filter(unreached_at__isnull=False, closed_as="")
        case Tab.CLOSED:
            return leads.exclude(closed_as="")
    return leads
