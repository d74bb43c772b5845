"""Finding a row in all workspaces at once, for platform staff who know one thing of it.

Each look-up goes by an index. These begin with the workspace, so all of those are named: some
hundred short look-ups, and not one walk through a table.
"""

import uuid
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from leads.intake import phones
from leads.models import Lead
from workspaces.log.record import subject_of
from workspaces.models import Workspace

# More rows than these are not told apart by anybody.
MOST = 1_000
# Workspaces whose log is asked at once.
AT_ONCE = 100


def leads(rows: QuerySet, text: str) -> QuerySet:
    """Return the leads with an id, or with a phone in any spelling.

    One without its country code is read as in each country that a workspace has for those.
    """
    if row_id := _uuid(text):
        return rows.filter(pk=row_id)
    everyone = Workspace.objects.values_list("default_country", flat=True).distinct()
    spellings = {phone for country in everyone for phone in _spellings(text, country)}
    return rows.filter(workspace__in=Workspace.objects.all(), phone__in=spellings)


def calls(rows: QuerySet, text: str) -> QuerySet:
    """Return the calls with an id, ours or Vapi's, or to a lead whom leads() finds."""
    wanted = Q(lead__in=_lead_ids(text)) | Q(vapi_call_id=text)
    if row_id := _uuid(text):
        wanted |= Q(pk=row_id)
    return rows.filter(wanted)


def log_rows(rows: QuerySet, text: str) -> QuerySet:
    """Return the log rows with a request id, of a lead whom leads() finds, or about a phone.

    The last are of submissions that did not become a lead. What was erased is found by none.
    """
    plain = rows.order_by()
    found: set[int] = set()
    everywhere = Q(workspace__in=Workspace.objects.all())
    conditions = [
        everywhere & Q(request_id=text),
        everywhere & Q(lead_id__in=_lead_ids(text)),
        *_about_phone(text),
    ]
    for condition in conditions:
        found.update(plain.filter(condition).values_list("pk", flat=True)[:MOST])
    return rows.filter(pk__in=found)


def _lead_ids(text: str) -> list[uuid.UUID]:
    """Return the ids of the leads that leads() finds, and the text itself where it is an id."""
    row_id = _uuid(text)
    known = leads(Lead.objects.all(), text).values_list("pk", flat=True)[:MOST]
    return [*known, *([row_id] if row_id else [])]


def _about_phone(text: str) -> Iterator[Q]:
    """Yield what finds the rows about a phone: in each workspace another word stands for it."""
    every = list(Workspace.objects.values_list("pk", "default_country"))
    for start in range(0, len(every), AT_ONCE):
        condition = Q()
        for pk, country in every[start : start + AT_ONCE]:
            subjects = [subject_of(pk, phone) for phone in _spellings(text, country)]
            if subjects:
                condition |= Q(workspace_id=pk, subject__in=subjects)
        if condition:
            yield condition


def _spellings(text: str, country: str) -> set[str]:
    """Return the numbers that a text may be stored as; none where it is no number."""
    try:
        phone = phones.read(text, country=country)
    except phones.BadPhone:
        return set()
    return {phone.number, *phone.older_spellings}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
