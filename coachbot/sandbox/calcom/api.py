"""Cal.com's API v2 as the sandbox plays it, below /v2/. The event type's id chooses what happens.

Keys begin with `cal_sandbox`. Facts are in the project's Cal.com fact sheet.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from coachbot.sandbox.calcom import event_types
from coachbot.sandbox.calcom.calendar import Calendar, is_office_hour
from coachbot.sandbox.calcom.event_types import EventType, error_reply
from coachbot.sandbox.messages import Reply, Request, json_reply

KEY_PREFIX = "cal_sandbox"
SLOTS, BOOKINGS, EVENT_TYPES = {"2024-09-04"}, {"2024-08-13", "2026-02-25"}, {"2024-06-14"}
SLOT_FIELDS = ("eventTypeId", "start", "end", "timeZone", "duration", "format")
BOOKING_FIELDS = (
    *("eventTypeId", "start", "attendee", "bookingFieldsResponses", "metadata"),
    *("lengthInMinutes", "location", "guests"),
)
ATTENDEE_FIELDS = ("name", "email", "timeZone", "phoneNumber", "language")
# Cal.com would take an offset too; the fact sheet says to convert.
UTC_START = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
STATUSES = {"upcoming": "accepted", "unconfirmed": "pending"}


def answer(request: Request, calendar: Calendar) -> Reply:
    """Any request below /v2/ in, its reply out."""
    for route in ROUTES:
        match = re.fullmatch(route.pattern, request.path)
        if match and request.method == route.method:
            break
    else:
        return _cannot(request)
    if route.versions and request.headers.get("cal-api-version") not in route.versions:
        return _cannot(request)
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key.startswith(KEY_PREFIX):
        return error_reply(request, 401, "UnauthorizedException", "Your api key is not valid")
    return route.endpoint(replace(request, org=key), calendar, **match.groupdict())


def show_me(request: Request, calendar: Calendar) -> Reply:
    """GET /v2/me"""
    return _success({"id": 11, "username": "jo", "email": "jo@sandbox.invalid"})


def show_event_type(request: Request, calendar: Calendar, event_type_id: str) -> Reply:
    """GET /v2/event-types/{id}: 404 also for one that the key may not see."""
    event_type = event_types.choose(event_type_id)
    if event_type.is_missing:
        return error_reply(request, 404, "NotFoundException", "Event type not found")
    return _success(
        {
            **{"id": int(event_type_id), "title": "Consult", "slug": "consult"},
            **{"lengthInMinutes": 30, "recurrence": None, "price": 0, "bookingFields": []},
            **event_type.shows,
        }
    )


def list_slots(request: Request, calendar: Calendar) -> Reply:
    """GET /v2/slots: the free ones by day, in the zone that was asked for."""
    unknown = [name for name in request.query if name not in SLOT_FIELDS]
    if unknown:
        wrong = f"{unknown[0]} property is wrong,property {unknown[0]} should not exist"
        return error_reply(request, 400, "BadRequestException", wrong)
    try:
        start, end = (_moment(request.query[name]) for name in ("start", "end"))
        zone = ZoneInfo(request.query.get("timeZone", "UTC"))
    except (KeyError, ValueError):
        wrong = "timeZone must be a valid IANA time-zone"
        return error_reply(request, 400, "BadRequestException", wrong)
    if start > end:
        return error_reply(request, 400, "BadRequestException", "Invalid time range given")
    event_type = event_types.choose(request.query.get("eventTypeId", ""))
    if event_type.is_missing:
        return error_reply(request, 404, "NotFoundException", "Event Type not found")
    free = [] if event_type.is_full else calendar.free(request.org, start, end)
    local = [slot.astimezone(zone) for slot in free]
    days = groupby(local, key=lambda slot: slot.date().isoformat())
    return _success({day: [{"start": _offset(slot)} for slot in slots] for day, slots in days})


def create_booking(request: Request, calendar: Calendar) -> Reply:
    """POST /v2/bookings"""
    wanted = json.loads(request.body or b"{}")
    if wrong := _violation(wanted):
        return error_reply(request, 400, "BadRequestException", wrong)
    event_type = event_types.choose(str(wanted["eventTypeId"]))
    if event_type.refusal and (refused := event_type.refusal(request)):
        return refused
    if event_type.is_missing:
        text = f"Event type with id {wanted['eventTypeId']} not found"
        return error_reply(request, 404, "NotFoundException", text)
    return _book(request, calendar, wanted, event_type)


def _book(request: Request, calendar: Calendar, wanted: Mapping, event_type: EventType) -> Reply:
    start = _moment(wanted["start"])
    if start < calendar.now() or not is_office_hour(start):
        return event_types.taken(request)
    if not event_type.is_booked:
        return event_type.answer
    kind = {"status": event_type.status, "hidden_for": event_type.hidden_for}
    body = calendar.book(request.org, wanted, start, **kind)
    if body is None:
        return event_types.taken(request)
    return event_type.answer or _success([body] if event_type.is_recurring else body, 201)


def list_bookings(request: Request, calendar: Calendar) -> Reply:
    """GET /v2/bookings: filtered; unknown parameters are dropped silently."""
    wanted = {STATUSES.get(word) for word in request.query.get("status", "upcoming").split(",")}
    found = [
        booked.body
        for booked in calendar.listed(request.org)
        if booked.body["status"] in wanted and _passes(booked.body, request.query)
    ]
    taken = found[: int(request.query.get("take", 100))]
    page = {"returnedItems": len(taken), "totalItems": len(found), "hasNextPage": False}
    return json_reply({"status": "success", "data": taken, "pagination": page})


def _passes(body: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    checks = {
        "eventTypeId": lambda value: str(body["eventTypeId"]) == value,
        "attendeeEmail": lambda value: body["attendees"][0].get("email") == value,
        "afterStart": lambda value: _moment(body["start"]) >= _moment(value),
        "beforeEnd": lambda value: _moment(body["end"]) <= _moment(value),
    }
    return all(check(query[name]) for name, check in checks.items() if name in query)


def _violation(wanted: Any) -> str:
    """What Cal.com would say against the body; "" if nothing."""
    attendee = wanted.get("attendee") if isinstance(wanted, dict) else None
    if not isinstance(attendee, dict) or not attendee.get("name") or not attendee.get("timeZone"):
        return "attendee property is wrong"
    unknown = [name for name in wanted if name not in BOOKING_FIELDS]
    unknown += [name for name in attendee if name not in ATTENDEE_FIELDS]
    if unknown:
        return f"{unknown[0]} property is wrong,property {unknown[0]} should not exist"
    if not isinstance(wanted.get("eventTypeId"), int):
        return "eventTypeId property is wrong"
    if not attendee.get("email") and not attendee.get("phoneNumber"):
        return "at least one contact method is required"
    if not all(map(_is_plain, wanted.get("metadata", {}).values())):
        return "metadata property is wrong"
    return "" if UTC_START.fullmatch(str(wanted.get("start"))) else "start property is wrong"


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and len(str(value)) <= 500


def _success(data: Any, status: int = 200) -> Reply:
    return json_reply({"status": "success", "data": data}, status)


def _cannot(request: Request) -> Reply:
    text = f"Cannot {request.method} {request.target}"
    return error_reply(request, 404, "NotFoundException", text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _offset(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Route:
    """A method, a path, the versions that reach it, and the function that answers."""

    method: str
    pattern: str
    versions: set[str]
    endpoint: Callable[..., Reply]


ROUTES = (
    Route("GET", r"/v2/me", set(), show_me),
    Route("GET", r"/v2/event-types/(?P<event_type_id>\d+)", EVENT_TYPES, show_event_type),
    Route("GET", r"/v2/slots", SLOTS, list_slots),
    Route("POST", r"/v2/bookings", BOOKINGS, create_booking),
    Route("GET", r"/v2/bookings", BOOKINGS, list_bookings),
)
