"""How many leads there are, counted as far as that is quick."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from coachbot.db.keyset import Page
from leads.reading.listed.tabs import Tab, leads_in
from workspaces.log.glances import glance
from workspaces.models import Workspace

# As many are counted; beyond, it says "more than". A walk along an index of some milliseconds.
MOST_COUNTED = 3_000


@dataclass(frozen=True)
class Count:
    """A number of leads. is_more: there are more than that."""

    number: int
    is_more: bool = False

    @property
    def text(self) -> str:
        """Return it for a tab: `312`, `3,000+`."""
        return f"{self.number:,}{'+' if self.is_more else ''}"

    @property
    def words(self) -> str:
        """Return it as a line: `312 leads`, `More than 3,000 leads`."""
        if self.is_more:
            return f"More than {self.number:,} leads"
        return "1 lead" if self.number == 1 else f"{self.number:,} leads"


def count(leads: QuerySet, *, most: int = MOST_COUNTED) -> Count:
    """Count leads, as many as `most` of them."""
    # Sorted, as PostgreSQL takes a limit without an order for a reason to scan the table.
    found = leads.order_by("-created_at", "-pk")[: most + 1].count()
    return Count(min(found, most), found > most)


def of_page(leads: QuerySet, page: Page, *, is_search: bool) -> Count:
    """Return how many leads there are of which a page shows some.

    is_search: for words, of which the next hit may be far. Then no more than the page is counted.
    """
    if page.is_all:
        return Count(len(page.rows))
    if is_search:
        return Count(len(page.rows), is_more=True)
    return count(leads)


def of_tabs(workspace: Workspace) -> dict[str, Count]:
    """Return how many leads are in each tab today, some seconds old at most."""
    return glance(
        workspace,
        f"tabs:{timezone.localdate()}",
        lambda: {tab.value: count(leads_in(workspace, tab)) for tab in Tab},
    )
