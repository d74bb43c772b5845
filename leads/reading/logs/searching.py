"""Finding log rows by a person's name, e-mail or phone, by an id, and by the words of an error."""

import re
import uuid
from dataclasses import dataclass

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from leads.intake import phones
from leads.reading.search import MOST_WORDS, search
from workspaces.log import queries, record
from workspaces.models import LogEntry, Workspace

# The rows of so many of the newest people who fit are found.
MOST_PEOPLE = 50
# ... and so many of the newest problems whose error has the words.
MOST_PROBLEMS = 300
READ_FIRST = 2_000
# That of the index log_error_words; see the migration 0026 of workspaces.
WORDS_OF = (
    "to_tsvector('simple'::regconfig, "
    "regexp_replace(error || ' ' || error_code, '[^[:alnum:]]+', ' ', 'g'))"
)


@dataclass(frozen=True)
class Found:
    """The rows. is_cut: more people fit than were looked for."""

    rows: QuerySet[LogEntry]
    is_cut: bool = False


def find(workspace: Workspace, rows: QuerySet[LogEntry], text: str) -> Found:
    """Return those of the rows that a text fits; all of them for an empty text."""
    text = text.strip()
    if not text:
        return Found(rows)
    people = _people(workspace, text)
    fits = Q(lead_id__in=people[:MOST_PEOPLE]) | Q(request_id=text)
    fits |= _by_phone(workspace, text) | _by_error(workspace, text)
    if lead_id := _uuid(text):
        fits |= Q(lead_id=lead_id)
    return Found(rows.filter(fits), len(people) > MOST_PEOPLE)


def _people(workspace: Workspace, text: str) -> list[uuid.UUID]:
    leads = search(workspace.leads.accepted(), text, country=workspace.default_country)
    newest = leads.order_by("-created_at", "-pk").values_list("pk", flat=True)
    return list(newest[: MOST_PEOPLE + 1])


def _by_phone(workspace: Workspace, text: str) -> Q:
    """Return what finds the rows of people who did not become leads."""
    try:
        phone = phones.read(text, country=workspace.default_country)
    except phones.BadPhone:
        return Q(pk=None)
    spellings = [phone.number, *phone.older_spellings]
    return Q(subject__in=[record.subject_of(workspace.pk, number) for number in spellings])


def _by_error(workspace: Workspace, text: str) -> Q:
    words = re.findall(r"[^\W_]+", text)[:MOST_WORDS]
    if not words:
        return Q(pk=None)
    if connection.vendor != "postgresql":
        fits = Q()
        for word in words:
            fits &= Q(error__icontains=word) | Q(error_code__icontains=word)
        return fits
    return _by_error_words(queries.problems(workspace), words)


def _by_error_words(problems: QuerySet[LogEntry], words: list[str]) -> Q:
    """Ask the index for the newest problems whose error, or its code, has words that begin so."""
    fits = RawSQL(
        f"error <> '' AND {WORDS_OF} @@ to_tsquery('simple', %s)",
        [" & ".join(f"{word}:*" for word in words)],
        output_field=BooleanField(),
    )
    newest = problems.order_by("-created_at", "-id")
    # A word that many have is soon found among the newest: not all of them are read for it.
    since = newest.values_list("created_at", flat=True)[READ_FIRST : READ_FIRST + 1].first()
    found: list[int] = []
    if since is not None:
        found = list(_keys(newest.filter(fits, created_at__gte=since)))
    if len(found) < MOST_PROBLEMS:
        found = list(_keys(newest.filter(fits)))
    return Q(pk__in=found)


def _keys(problems: QuerySet[LogEntry]) -> QuerySet[LogEntry, int]:
    return problems.values_list("pk", flat=True)[:MOST_PROBLEMS]


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
