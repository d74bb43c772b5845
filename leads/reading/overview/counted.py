"""All that the overview counts of some days."""

from dataclasses import dataclass

from django.utils import timezone

from leads.reading.listed.counts import Count
from leads.reading.overview import attempts, failures, figures
from leads.reading.overview.attempts import Attempts
from leads.reading.overview.days import Days
from leads.reading.overview.figures import Figures
from workspaces.log.glances import glance
from workspaces.models import Workspace


@dataclass(frozen=True)
class Counted:
    """The figures of leads, of attempts to reach them, and how often nobody could be contacted."""

    figures: Figures
    attempts: Attempts
    failures: Count


def count(workspace: Workspace, days: Days) -> Counted:
    """Return it as of the latest row of the workspace's log, or some seconds old."""
    name = f"overview:{days.since}:{days.until}:{timezone.get_current_timezone_name()}"
    return glance(
        workspace,
        name,
        lambda: Counted(
            figures.count(workspace, days),
            attempts.count(workspace, days),
            failures.count(workspace, days),
        ),
    )
