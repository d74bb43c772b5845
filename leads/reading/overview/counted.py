"""All that the overview counts of some days."""

from dataclasses import dataclass

from django.core.cache import caches
from django.utils import timezone

from leads.reading.listed.counts import Count
from leads.reading.overview import attempts, failures, figures
from leads.reading.overview.attempts import Attempts
from leads.reading.overview.days import Days
from leads.reading.overview.figures import Figures
from workspaces.log.glances import glance
from workspaces.models import Workspace

# From so many leads or attempts on, reading them is most of what the page takes. Then they are not
# read again whenever something is logged, which with so many leads is at each look.
MANY = 500
KEEP_MANY = 60  # seconds


@dataclass(frozen=True)
class Counted:
    """The figures of leads, of attempts to reach them, and how often nobody could be contacted."""

    figures: Figures
    attempts: Attempts
    failures: Count

    @property
    def are_many(self) -> bool:
        """Return whether many rows were read for them."""
        return not self.figures.is_all or max(self.figures.all.leads, self.attempts.made) > MANY


def count(workspace: Workspace, days: Days) -> Counted:
    """Return it as of the latest row of the workspace's log, or some seconds old; up to a minute
    old where it is of many leads.
    """
    name = f"overview:{days.since}:{days.until}:{timezone.get_current_timezone_name()}"
    key = f"{name}:{workspace.pk}:{workspace.updated_at.timestamp()}"
    kept: Counted | None = caches["glances"].get(key)
    if kept is not None:
        return kept
    counted = glance(workspace, name, lambda: _counted(workspace, days))
    if counted.are_many:
        caches["glances"].set(key, counted, KEEP_MANY)
    return counted


def _counted(workspace: Workspace, days: Days) -> Counted:
    return Counted(
        figures.count(workspace, days),
        attempts.count(workspace, days),
        failures.count(workspace, days),
    )
