"""Finding leads by the beginnings of words of name and e-mail, and by phone."""

import re

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

SEPARATORS = re.compile(r"""[\s@.+\-_/,;:'"\\&|!()<>*%#=~?$^{}\[\]]+""")
# A number as people write it: digits with spaces, dots, hyphens, brackets.
PHONE = re.compile(r"\+?[0-9 ().\-/]{3,}")
DIGITS = re.compile(r"[0-9]{3,}")
MOST_WORDS = 8


def search(leads: QuerySet, text: str) -> QuerySet:
    """Return the leads that every word of a text fits; all of them for an empty text.

    A phone number may be written in any way, with its country code or without.
    """
    text = text.strip()
    if not text:
        return leads
    if PHONE.fullmatch(text):
        text = re.sub(r"[^0-9]", "", text)
    words = [word for word in SEPARATORS.split(text) if word][:MOST_WORDS]
    if not words:
        return leads.none()
    if connection.vendor == "postgresql":
        return _by_search_words(leads, words)
    for word in words:
        leads = leads.filter(_fits(word))
    return leads


def _by_search_words(leads: QuerySet, words: list[str]) -> QuerySet:
    """Ask the column that migration 0003 makes on PostgreSQL."""
    query = " & ".join(_term(word) for word in words)
    sql = "leads_lead.search_words @@ to_tsquery('simple', %s)"
    return leads.filter(RawSQL(sql, [query], output_field=BooleanField()))


def _term(word: str) -> str:
    if not DIGITS.fullmatch(word):
        return f"{word}:*"
    return f"({word}:* | r{_national(word)[::-1]}:*)"


def _fits(word: str) -> Q:
    fits = Q(name__icontains=word) | Q(email__icontains=word)
    if DIGITS.fullmatch(word):
        fits |= Q(phone__startswith=f"+{word}") | Q(phone__endswith=_national(word))
    return fits


def _national(digits: str) -> str:
    """Return a number without the 0 that many countries put where the country code would be."""
    return digits.lstrip("0") or digits
