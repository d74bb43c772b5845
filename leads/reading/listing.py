"""The leads of a workspace in pages, newest first: what GET /api/public/leads tells."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from django.db.models import QuerySet

from coachbot.db import keyset, signed_cursors
from leads.models import Lead
from leads.models.source import source
from workspaces.models import Workspace

DEFAULT_SIZE, LARGEST_SIZE = 25, 100
# Large, and told of no lead here.
UNTOLD = ("profile", "form_responses", "form_questions", "search_text")


@dataclass(frozen=True)
class Filters:
    """Which leads are listed. phones: the spellings of one number, none for any.

    since: the earliest `created_at`. source: of leads.models.source.
    """

    status: str = ""
    phones: Sequence[str] = ()
    since: datetime | None = None
    source: str = ""


@dataclass(frozen=True)
class Listed:
    """A page. next_cursor: where the next one begins, "" at the end."""

    leads: list[Lead]
    next_cursor: str


def list_leads(
    workspace: Workspace, filters: Filters, *, cursor: str = "", size: int = DEFAULT_SIZE
) -> Listed:
    """Return the newest accepted leads that fit, or those after a page's cursor, in one query.

    What comes in or goes meanwhile moves no other lead: a walk over the pages meets each one that
    was there from its begin to its end exactly once.
    Raises keyset.BadCursor for what is no cursor of a list of this workspace with these filters.
    """
    of = [str(workspace.pk), *map(str, astuple(filters))]
    older = signed_cursors.read(cursor, of=of) if cursor else ""
    page = keyset.page(_fitting(workspace, filters), older=older, size=size)
    return Listed(page.rows, signed_cursors.sign(page.older, of=of) if page.older else "")


def _fitting(workspace: Workspace, filters: Filters) -> QuerySet[Lead]:
    found = workspace.leads.accepted().defer(*UNTOLD)
    if filters.status:
        found = found.filter(status=filters.status)
    if filters.phones:
        found = found.filter(phone__in=filters.phones)
    if filters.since:
        found = found.filter(created_at__gte=filters.since)
    if filters.source:
        found = found.alias(source=source()).filter(source=filters.source)
    return found
