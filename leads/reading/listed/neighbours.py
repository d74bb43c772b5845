"""What stands before and after a lead in a list."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from coachbot.db.keyset import Order
from leads.models import Lead
from leads.reading.listed import sorting
from workspaces.models import Workspace


@dataclass(frozen=True)
class Neighbours:
    """The leads on both sides, None where there is none."""

    before: uuid.UUID | None = None
    after: uuid.UUID | None = None


def neighbours(workspace: Workspace, leads: QuerySet[Lead], sort: str, lead: Lead) -> Neighbours:
    """Return them; of a lead that is in the list no more, where it would stand.

    leads: those of the list, with what its order goes by.
    """
    order = sorting.order_of(sort)
    here = sorting.sortable(workspace, workspace.leads.filter(pk=lead.pk), sort).first()
    if here is None:  # nothing is planned with it any more: it would stand nowhere
        return Neighbours()
    return Neighbours(
        before=_next(leads, order, here, backwards=True),
        after=_next(leads, order, here, backwards=False),
    )


def _next(leads: QuerySet[Lead], order: Order, here: Lead, *, backwards: bool) -> uuid.UUID | None:
    beyond = order.beyond(leads, order.cursor_of(here), backwards=backwards)
    found = order.sorted(beyond, backwards=backwards).values_list("pk", flat=True).first()
    return found if found is None else uuid.UUID(str(found))
