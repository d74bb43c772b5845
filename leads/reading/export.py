"""Leads as rows of a table, for spreadsheets."""

import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from coachbot.db import keyset
from leads.models import Lead
from leads.reading import lists
from leads.snapshot import inquiry
from workspaces.models import Workspace

FOLLOW_UP = ("attempts_made", "attempts_planned", "next_attempt_at", "held_because")
COLUMNS = (
    "id",
    "created_at",
    "name",
    "phone",
    "email",
    "goal",
    "status",
    "owner_name",
    "closed_as",
    "next_step",
    "next_step_on",
    "qualification_notes",
    "booking_uid",
    "booking_start",
    *FOLLOW_UP,
    "consent_at",
    "consent_source",
    "profile",
    "form_responses",
    "metadata",
)
# Of leads that are written to.
LAST_MESSAGES = ("last_inbound_at", "last_outbound_at")
HEADINGS = {"owner_name": "owner"}
# What of the filters may be told in the log: no text that was searched.
TOLD_FILTERS = ("tab", "status", "outcome", "owner", "end", "next", "since", "until")
# Blanks, invisible characters, and what a spreadsheet may take for the quotes of a cell.
BLANKS = re.compile("[\\s\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069\u00ad\"']+")
# What a spreadsheet takes for the beginning of a formula, also full-width, after blanks, and
# after what it may take for the end of a cell.
FORMULA = re.compile("(?:^|[;,|\\t\\n])[ \\t\\n]?[=+\\-@\uff1d\uff0b\uff0d\uff20\\t]")
# A file that does not end with this line is not whole.
END = "End of the export"
BYTE_ORDER_MARK = "\ufeff"  # else Excel takes UTF-8 for the code page of its machine
LEADS_AT_ONCE = 500


class NoSuchLead(LookupError):
    """An export cannot go on after what is no lead of the workspace."""


def last_lead(workspace: Workspace, lead_id: uuid.UUID) -> Lead:
    """Return the lead that a file which broke off ends with. Raises NoSuchLead."""
    lead = workspace.leads.accepted().filter(pk=lead_id).first()
    if lead is None:
        raise NoSuchLead
    return lead


@dataclass(frozen=True)
class Layout:
    """The columns of a file. values: what stands in them of a lead, in their order, the id first.

    phone: the place of the phone. read: gives leads what else the columns need of each.
    """

    headings: Sequence[str]
    phone: int
    values: Callable[[Lead], Iterable[Any]]
    read: Callable[[QuerySet[Lead]], QuerySet[Lead]]


def rows(
    leads: QuerySet[Lead], *, layout: Layout, after: Lead | None = None
) -> Iterator[list[str]]:
    """Yield the headings, then each lead, newest first, then a line that says that these are all.

    Reads a few at a time. after: the lead that they follow, of a file that broke off.
    """
    yield list(layout.headings)
    number = 0
    older = keyset.cursor_of(after) if after else ""
    leads = layout.read(inquiry.followed(leads).select_related("owner__user"))
    for lead in keyset.walk(leads, size=LEADS_AT_ONCE, older=older):
        number += 1
        yield [
            _cell(value, is_phone=place == layout.phone)
            for place, value in enumerate(layout.values(lead))
        ]
    yield [f"{END}. Leads in this file: {number}"]


def for_machines(workspace: Workspace) -> Layout:
    """Return codes, JSON and moments in UTC: a contract with programs that read the file."""
    columns = (*COLUMNS, *LAST_MESSAGES) if workspace.is_whatsapp else COLUMNS
    return Layout(
        headings=[HEADINGS.get(name, name) for name in columns],
        phone=columns.index("phone"),
        values=partial(_values, columns),
        read=partial(lists.with_last_messages, workspace),
    )


def _values(columns: Sequence[str], lead: Lead) -> Iterator[Any]:
    """Yield what stands in the columns of a lead; answers by the words in which they were asked."""
    followed = inquiry.follow_up_in(lead.workspace, lead)
    for name in columns:
        if name == "form_responses":
            yield dict(lead.answers)
        else:
            yield getattr(followed, name, None) if name in FOLLOW_UP else getattr(lead, name)


def _cell(value: Any, *, is_phone: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = str(value)
    # What a stranger wrote must not run as a formula, and a phone must not become a number.
    return f"'{text}" if is_phone or _may_be_formula(text) else text


def _may_be_formula(text: str) -> bool:
    # Runs of blanks become short first: else a thousand line breaks would take a second.
    return FORMULA.search(BLANKS.sub(_shortened, text)) is not None


def _shortened(match: re.Match[str]) -> str:
    """Return what may end a cell among some blanks, and a tab where one may begin the next."""
    ends = [character for character in match[0] if character in "\t\r\n"]
    if not ends:
        return " "
    return "\n\t" if set(ends[1:]) & {"\t", "\r"} else "\n" if ends[0] == "\n" else "\t"
