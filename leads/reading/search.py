"""Finding leads by the beginnings of words of name and e-mail, and by phone.

Without regard to accents, case and Unicode form, on both databases.
"""

import re

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from leads.intake import phones
from leads.models.folding import fold

SEPARATORS = re.compile(r"""[\s@.+\-_/,;:'"\\&|!()<>*%#=~?$^{}\[\]]+""")
# A number as people write it: digits with spaces, dots, hyphens, brackets.
PHONE = re.compile(r"\+?[0-9 ().\-/]{3,}")
DIGITS = re.compile(r"[0-9]{3,}")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
MOST_WORDS = 8
# So many of the newest leads are looked at, and with so many hits among them a word is
# common: there both ways take about as long, with a million leads.
PROBE = 2_000
COMMON = 10


def search(leads: QuerySet, text: str, *, country: str = "") -> QuerySet:
    """Return the leads that every word of a text fits; all of them for an empty text.

    A phone number may be written in any way, with its country code or without. country: ISO
    3166 code of one without.
    """
    text = text.strip()
    if not text:
        return leads
    phone = _phone(text, country)
    if phone:
        whole = leads.filter(phone__in=[phone.number, *phone.older_spellings])
        if whole.exists():
            return whole
    # A part of a number must not be taken for a whole one: 7946 0018 is no British number.
    text = phone.written if phone else fold(text)
    if PHONE.fullmatch(text):
        text = re.sub(r"[^0-9]", "", text)
    words = [word for word in SEPARATORS.split(text) if word][:MOST_WORDS]
    if not words:
        return leads.none()
    if connection.vendor == "postgresql":
        # The words of a whole address need no look for longer ones, of which there are many.
        return _by_search_words(leads, words, is_whole=bool(ADDRESS.fullmatch(text)))
    for word in words:
        leads = leads.filter(_fits(word))
    return leads


def _phone(text: str, country: str) -> phones.Phone | None:
    """Return the number that a text is; it may be the beginning of one."""
    try:
        return phones.read(text, country=country)
    except phones.BadPhone:
        return None


def _by_search_words(leads: QuerySet, words: list[str], *, is_whole: bool) -> QuerySet:
    """Ask the column that migration 0011 makes on PostgreSQL.

    PostgreSQL takes any beginning of a word for at least 0.5 % of all rows, and so cannot
    choose well between its two ways; the newest leads tell which one is short.
    """
    terms = [_term(word, is_whole=is_whole) for word in words]
    newest = leads.order_by("-created_at", "-pk")[:PROBE]
    hits = list(newest.annotate(hit=_walk(terms)).values_list("hit", flat=True))
    if len(hits) < PROBE or sum(hits) >= COMMON:
        return leads.filter(_walk(terms))
    return leads.filter(_look_up(terms))


def _walk(terms: list[str]) -> RawSQL:
    """Go from the newest lead on: short for words that many leads have. Uses no index."""
    return _matches("coalesce(leads_lead.search_words, '')", terms)


def _look_up(terms: list[str]) -> RawSQL:
    """Ask the index: short for rare words. Said thrice, they are taken for rare."""
    return _matches("leads_lead.search_words", terms * 3)


def _matches(words_sql: str, terms: list[str]) -> RawSQL:
    sql = f"{words_sql} @@ to_tsquery('simple', %s)"
    return RawSQL(sql, [" & ".join(terms)], output_field=BooleanField())


def _term(word: str, *, is_whole: bool) -> str:
    if DIGITS.fullmatch(word):
        return f"({word}:* | r{_national(word)[::-1]}:*)"
    return word if is_whole else f"{word}:*"


def _fits(word: str) -> Q:
    fits = Q(name__icontains=word) | Q(email__icontains=word) | Q(search_text__contains=word)
    if DIGITS.fullmatch(word):
        fits |= Q(phone__startswith=f"+{word}") | Q(phone__endswith=_national(word))
    return fits


def _national(digits: str) -> str:
    """Return a number without the 0 that many countries put where the country code would be."""
    return digits.lstrip("0") or digits
