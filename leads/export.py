"""Leads as rows of a table, for spreadsheets."""

import json
from collections.abc import Iterator

from django.db.models import QuerySet

from coachbot import keyset

COLUMNS = (
    "id",
    "created_at",
    "name",
    "phone",
    "email",
    "goal",
    "status",
    "qualification_notes",
    "booking_uid",
    "booking_start",
    "consent_at",
    "consent_source",
    "profile",
    "form_responses",
    "metadata",
)
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LEADS_AT_ONCE = 500


def rows(leads: QuerySet) -> Iterator[list[str]]:
    """Yield the headings, then each lead, newest first. Reads a few at a time."""
    yield list(COLUMNS)
    for lead in keyset.walk(leads, size=LEADS_AT_ONCE):
        yield [_cell(name, getattr(lead, name)) for name in COLUMNS]


def _cell(name: str, value) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if hasattr(value, "isoformat"):
        return value.isoformat(timespec="seconds")
    text = str(value)
    # What a stranger wrote must not run as a formula. A phone is digits by constraint.
    return f"'{text}" if text.startswith(FORMULA) and name != "phone" else text
