"""The query of GET /api/public/leads in, and a page of leads out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leads.api.serializers.fields import PhoneField, TextField, TrueField, Written
from leads.api.serializers.lead_answers import LeadSerializer
from leads.api.serializers.submissions import issues
from leads.models import LeadStatus
from leads.models.source import LONGEST
from leads.reading.listing import DEFAULT_SIZE, LARGEST_SIZE, Filters, Listed

LONGEST_CURSOR = 200
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
# An unescaped `+` arrives as a space.
ZONE_AFTER_A_SPACE = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)", re.ASCII)
PLUS_AS_A_SPACE = re.compile(r"^ (?=[1-9])")
TOLD = ("limit", "status", "since", "source")
NOT_KEPT = "(not kept)"
UNKNOWN_FILTER = "Unknown filter."
REPEATED = "Given more than once."
NO_INSTANT = "Expected a date, a time and a zone, such as 2026-06-07T13:00:00Z."


class NumberField(serializers.IntegerField):
    """A whole number as a query writes it: ASCII digits and nothing else."""

    def to_internal_value(self, data):
        if not NUMBER.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "format": "date-time"})
class SinceField(serializers.Field):
    """A moment with its zone, read as UTC."""

    default_error_messages = {"invalid": NO_INSTANT}

    def to_internal_value(self, data: str) -> datetime:
        try:
            moment = parse_datetime(ZONE_AFTER_A_SPACE.sub("+", data))
            if moment is not None and moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # no such day or hour, or one before the first year
        return self.fail("invalid")


class LeadQuery(serializers.Serializer):
    """What a list may be asked for. Each filter may be missing; none may be empty."""

    limit = NumberField(min_value=1, max_value=LARGEST_SIZE, default=DEFAULT_SIZE)
    cursor = TextField(max_length=LONGEST_CURSOR, default="")
    status = serializers.ChoiceField(LeadStatus.choices, default="")
    phone = PhoneField(default=None)
    since = SinceField(default=None)
    source = TextField(  # type: ignore[assignment]  # DRF takes fields out of the class
        max_length=LONGEST, trim_whitespace=False, default=""
    )


class LeadListSerializer(serializers.Serializer):
    """A page of leads, the newest first."""

    ok = TrueField()
    data = LeadSerializer(source="leads", many=True)  # type: ignore[assignment]  # so here
    hasMore = serializers.SerializerMethodField(help_text="Whether there is another page.")
    nextCursor = serializers.SerializerMethodField(
        help_text="The `cursor` of the next page; null at the end."
    )

    def get_hasMore(self, listed: Listed) -> bool:
        return bool(listed.next_cursor)

    def get_nextCursor(self, listed: Listed) -> str | None:
        return listed.next_cursor or None


_query, _page = LeadQuery(), LeadListSerializer()


class BadQuery(ValueError):
    """The query asks for what there is not. issues: of the contract's envelope."""

    def __init__(self, issues: list[dict]):
        super().__init__("The query cannot be read.")
        self.issues = issues


@dataclass(frozen=True)
class Asked:
    """What a query asks for."""

    filters: Filters
    cursor: str
    size: int


def read_query(query: QueryDict, *, country: str) -> Asked:
    """Return what is asked for. country: of phone numbers without one. Raises BadQuery."""
    found = [{"path": [n], "message": UNKNOWN_FILTER} for n in query if n not in _query.fields]
    found += [
        {"path": [name], "message": REPEATED}
        for name, values in query.lists()
        if len(values) > 1 and name in _query.fields
    ]
    try:
        values = _query.run_validation(_written(query, country))
    except serializers.ValidationError as error:
        found += issues(error.detail)
    if found:
        raise BadQuery(found)
    return _asked(values)


def told_of(query: QueryDict) -> dict[str, str]:
    """Return what the log tells of a query. Whom was searched for is written down nowhere."""
    return {name: str(query[name]) if name in TOLD else NOT_KEPT for name in query}


def bad_cursor() -> BadQuery:
    """Return what is said of a cursor that was not given out for these filters."""
    return BadQuery([{"path": ["cursor"], "message": "Not the cursor of a page of this list."}])


def _written(query: QueryDict, country: str) -> dict[str, Any]:
    """Return the last value of each name, a phone with the country that it may need."""
    values: dict[str, Any] = query.dict()
    if "phone" in values:
        values["phone"] = Written(PLUS_AS_A_SPACE.sub("+", values["phone"]), country)
    return values


def _asked(values: Mapping[str, Any]) -> Asked:
    phone = values["phone"]
    filters = Filters(
        status=values["status"],
        phones=(phone.number, *phone.older_spellings) if phone else (),
        since=values["since"],
        source=values["source"],
    )
    return Asked(filters, values["cursor"], values["limit"])


def page_json(listed: Listed) -> dict:
    """Return the body of a 200, as LeadListSerializer describes it."""
    return _page.to_representation(listed)
