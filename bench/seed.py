"""Fills a workspace with leads, calls and log rows by COPY: a million leads in minutes."""

import json
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
from django.db import connection as django_connection

from leads.models import Call, Lead
from workspaces.models import LogEntry

ROWS_OF_A_LEAD = 5
SPREAD = timedelta(days=90)
FIRST = ("Jane", "Omar", "Lucia", "Piotr", "Aiko", "Grace", "Nadia", "Bjorn", "Ravi", "Zoe")
LAST = ("Doe", "Haddad", "Moreno", "Nowak", "Tanaka", "Brien", "Petrov", "Dubois", "Iyer", "Roe")
STATUSES = ("new",) * 30 + ("in_conversation",) * 30 + ("booked",) * 25 + ("unqualified",) * 12
# What is rare is so of the first ones: a page of a thousand leads is as full of it as one of many.
FIRST_ONES = 60
# One in a thousand needs a person.
OFTEN = 1_000
# Kind, code, action, outcome and status of a lead's rows. Every fiftieth lead failed at first.
USUAL = (
    ("api_request", "api.create_lead", "POST /api/public/leads", "succeeded", 201),
    ("provider_request", "vapi.create_call", "Vapi POST /call", "succeeded", 201),
    ("provider_event", "vapi.status_update", "Vapi status-update", "succeeded", 200),
    ("tool_call", "tool.listSlots", "Tool listSlots", "succeeded", 200),
    ("provider_event", "vapi.end_of_call_report", "Vapi end-of-call-report", "succeeded", 200),
)
FAILED = ("provider_request", "vapi.create_call", "Vapi POST /call", "refused", 400)
LEAD = (
    "id workspace_id channel name phone email goal metadata form_responses status profile"
    " qualification_notes booking_uid consent_at consent_source request_id accepted_at"
    " created_at updated_at last_outcome last_active_at unreached_at first_contact_at reached_at"
    " booking_start"
)
# What the last call came to; one in a hundred was busy.
OUTCOMES = ("talked",) * 60 + ("voicemail",) * 20 + ("no_answer",) * 19 + ("busy",)
CALL = (
    "id workspace_id lead_id status vapi_call_id lease_until conclusive_at dialed_at"
    " started_at ended_at ended_reason summary transcript has_recording request_id created_at"
    " used_budget"
)
ROW = (
    "workspace_id created_at kind code action outcome status_code duration_ms request_id lead_id"
    " subject error request response key"
)
# One key asked for one in a thousand; the other for all the rest.
RARE_KEY, KEY = "0a1b2c3d", "4e5f6a7b"


def fill(url: str, workspace_id: int, *, leads: int, first: int = 0) -> None:
    """Add leads, with a call and five log rows each, spread over ninety days.

    first: number of the first phone, where there are some already.
    """
    now = datetime.now(UTC)
    people = [_person(number, leads, now) for number in range(leads)]
    with psycopg.connect(url) as connection:
        connection.execute("SET statement_timeout = 0")
        _copy(connection, Lead, LEAD, _leads(workspace_id, people, first))
        _copy(connection, Call, CALL, _calls(workspace_id, people))
        _copy(connection, LogEntry, ROW, _rows(workspace_id, people))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _person(number: int, leads: int, now: datetime) -> tuple[uuid.UUID, datetime]:
    return uuid.UUID(int=random.getrandbits(128), version=4), now - SPREAD * (number / leads)


def _copy(connection, model, columns: str, rows: Iterator[tuple]) -> None:
    """COPY rows of some columns; all others get what a new instance has."""
    names = columns.split()
    others = {
        field.column: field.get_db_prep_save(field.get_default(), django_connection)
        for field in model._meta.concrete_fields
        if field.column not in names and not field.primary_key
    }
    constant = tuple(others.values())
    target = f"{model._meta.db_table} ({', '.join([*names, *others])})"
    with connection.cursor().copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*row, *constant))


def _leads(workspace_id: int, people, first: int) -> Iterator[tuple]:
    metadata = json.dumps({"companyName": "Acme Corp", "source": "landing page"})
    for number, (lead_id, at) in enumerate(people, first):
        name, surname = FIRST[number % 10], LAST[number // 10 % 10]
        email = f"{name}.{surname}{number}@example.com".lower()
        booking = f"booking-{number}" if number % 4 == 0 else ""
        yield (
            *(lead_id, workspace_id, "voice", f"{name} {surname}", f"+4478{number:08d}", email),
            *("Run a half-marathon", metadata, "{}", _status(number), "{}", "", booking),
            *(at, "api_key:0a1b2c3d", f"request-{lead_id}", at, at, at),
            *(_outcome(number), at + timedelta(minutes=4), at if _is_rare(number, 30) else None),
            *(at + timedelta(seconds=1 + number % 90), at if number % 10 < 6 else None),
            at + timedelta(days=3) if booking else None,
        )


def _status(number: int) -> str:
    if _is_rare(number, OFTEN):
        return "needs_human"
    return STATUSES[number % len(STATUSES)]


def _outcome(number: int) -> str:
    return "busy" if number < FIRST_ONES else OUTCOMES[number % 100]


def _is_rare(number: int, often: int) -> bool:
    """Return whether it is one of the first, or one in so many of the others."""
    return number < FIRST_ONES or number % often == 0


def _calls(workspace_id: int, people) -> Iterator[tuple]:
    minute = timedelta(minutes=1)
    for lead_id, at in people:
        yield (
            *(uuid.UUID(int=random.getrandbits(128), version=4), workspace_id, lead_id, "ended"),
            *(f"vapi-{lead_id}", at, at, at + minute / 60, at + minute / 6, at + 3 * minute),
            *("customer-ended-call", "Wants to start soon.", "AI: Hi.\nUser: Hello." * 10),
            *(False, f"request-{lead_id}", at, True),
        )


def _rows(workspace_id: int, people) -> Iterator[tuple]:
    request = json.dumps({"name": "Jane Doe", "consent": True, "goal": "Run a half-marathon"})
    response = json.dumps({"ok": True, "status": "in_progress", "callQueued": True})
    # The oldest first, as rows are written: their ids rise with time.
    for number, (lead_id, at) in enumerate(reversed(people)):
        for step, usual in enumerate(USUAL):
            has_failed = step == 1 and _is_rare(number, 50)
            kind, code, action, outcome, status = FAILED if has_failed else usual
            error = "Vapi /call failed (400): no such assistant" if outcome == "refused" else ""
            yield (
                *(workspace_id, at + timedelta(seconds=step), kind, code, action),
                *(outcome, status, 120),
                *(f"request-{lead_id}", lead_id, "", error, request, response),
                (RARE_KEY if _is_rare(number, OFTEN) else KEY) if step == 0 else "",
            )
