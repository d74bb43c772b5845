"""The leads that somebody chose in the list: those that were ticked, or all that match."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from leads.models import Lead
from leads.reading.listed import sorting
from leads.views.listed.filters import LeadFilter, list_query
from leads.views.listed.leads import filtered

# Names that a question tells.
NAMED = 10


@dataclass(frozen=True)
class Selection:
    """Leads that were chosen, in the order of the list.

    lead_ids: of all that match no more than may be done at once; is_more: there are others.
    seen_at: until when all that match came in: who asks has seen no later one. query: of the list.
    """

    lead_ids: list[uuid.UUID]
    is_all: bool
    is_more: bool
    seen_at: str
    query: str

    @property
    def ticked(self) -> list[uuid.UUID]:
        """Return those that a form has to name; all that match are found again."""
        return [] if self.is_all else self.lead_ids

    @property
    def number(self) -> int:
        return len(self.lead_ids)


def read(request, *, most: int) -> Selection:
    """Return what a request chose; of more than `most`, the first so many. Raises Http404."""
    is_all = "all" in request.GET
    seen_at = request.POST.get("seen_at") or timezone.now().isoformat()
    found = _all_that_match(request, seen_at, most) if is_all else _ids(request)
    query = list_query(request.GET)
    for cursor in ("older", "newer"):
        if request.GET.get(cursor) and not is_all:
            query[cursor] = request.GET[cursor]
    return Selection(found[:most], is_all, len(found) > most, seen_at, query.urlencode())


def _all_that_match(request, seen_at: str, most: int) -> list[uuid.UUID]:
    filters = LeadFilter(request.GET, membership=request.membership)
    try:
        moment = parse_datetime(seen_at)
    except ValueError:
        moment = None
    if moment is None or not moment.tzinfo:
        raise Http404("That is no moment.")
    leads = filtered(request, filters).filter(created_at__lte=moment)
    rows = sorting.order_of(filters.chosen_sort).sorted(leads)
    return list(rows.values_list("pk", flat=True)[: most + 1])


def ticked(request) -> QuerySet[Lead]:
    """Return the leads of the workspace that a request names. Raises Http404."""
    found: QuerySet[Lead] = request.workspace.leads.accepted().filter(pk__in=_ids(request))
    return found


def _ids(request) -> list[uuid.UUID]:
    named = request.POST.getlist("lead") or request.GET.getlist("lead")
    try:
        return list(dict.fromkeys(map(uuid.UUID, named)))
    except ValueError as error:
        raise Http404("That is not the id of a lead.") from error


def named(request, selection: Selection) -> list[Lead]:
    """Return the first of the leads that were chosen, for a question that names them."""
    first = selection.lead_ids[:NAMED]
    rows = request.workspace.leads.accepted().filter(pk__in=first)
    found = {lead.pk: lead for lead in rows}
    return [found[lead_id] for lead_id in first if lead_id in found]
