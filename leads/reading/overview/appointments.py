"""The appointments that come next."""

from django.db.models import QuerySet
from django.utils import timezone

from leads.models import Lead
from workspaces.models import Workspace

MOST = 6


def upcoming(workspace: Workspace) -> QuerySet[Lead]:
    """Return the leads with an appointment ahead, the next one first, whatever their status: who
    has been passed on to a person since still has it.
    """
    leads = workspace.leads.accepted().without_tests()
    ahead = leads.filter(booking_start__gte=timezone.now())
    return ahead.order_by("booking_start", "pk")[:MOST]
