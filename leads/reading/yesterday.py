"""What came in on one day, in a sentence: what the mail of the morning begins with."""

from datetime import date, datetime, time, timedelta

from leads.models import LeadStatus
from leads.reading import waiting
from workspaces.models import Workspace
from workspaces.notices.preferences import zone_of


def figures(workspace: Workspace, day: date) -> list[str]:
    """Return how many leads came in on a day of the workspace's zone, and how many wait now."""
    zone = zone_of(workspace)
    begin, end = (datetime.combine(on, time(), zone) for on in (day, day + timedelta(days=1)))
    leads = workspace.leads.accepted().without_tests()
    new = leads.filter(created_at__gte=begin, created_at__lt=end)
    booked = new.filter(status=LeadStatus.BOOKED).count()
    return [
        f"New leads on {day:%A}: {new.count()}. Booked by now: {booked}.",
        f"Waiting for a person: {waiting.waiting(workspace).count()}.",
    ]
