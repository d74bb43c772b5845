"""How often nobody could be contacted: what no lead tells, as one that is refused is none."""

from django.db.models import QuerySet

from leads.models import UNASKED, MessageStatus
from leads.reading.listed.counts import Count
from leads.reading.listed.counts import count as count_some
from leads.reading.overview.days import Days
from workspaces.log.queries import dispatch_failures, in_days, start_of
from workspaces.models import Workspace

LOST = (MessageStatus.FAILED, MessageStatus.UNDELIVERED, MessageStatus.NOT_SENT)


def count(workspace: Workspace, days: Days) -> Count:
    """Return how many calls could not be placed, or how many first messages and follow-ups did not
    arrive, counted as far as that is quick.
    """
    return count_some(_failures(workspace, days))


def _failures(workspace: Workspace, days: Days) -> QuerySet:
    if workspace.is_voice:
        failed = dispatch_failures(workspace, since=start_of(days.since))
        return in_days(failed, None, days.until)
    lost = workspace.messages.filter(purpose__in=UNASKED, status__in=LOST)
    return in_days(lost.filter(conversation__lead__is_test=False), days.since, days.until)
