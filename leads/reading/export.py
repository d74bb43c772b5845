"""Leads as rows of a table, for spreadsheets."""

import json
import re
from collections.abc import Iterator

from django.db.models import QuerySet

from coachbot.db import keyset

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
# What a spreadsheet takes for the beginning of a formula, also full-width, also after blanks and
# invisible characters, and after what it may take for the end of a cell.
FORMULA = re.compile(
    r"(?:^|[;,\t\r\n|])[\s\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069\u00ad\"']*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]"
)
BYTE_ORDER_MARK = "\ufeff"  # else Excel takes UTF-8 for the code page of its machine
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
    # What a stranger wrote must not run as a formula, and a phone must not become a number.
    return f"'{text}" if name == "phone" or FORMULA.search(text) else text
