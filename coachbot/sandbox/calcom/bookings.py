"""/v2/bookings: a slot is booked, and bookings are listed."""

import json
import re
from collections.abc import Mapping
from typing import Any

from coachbot.sandbox.calcom import event_types, replies
from coachbot.sandbox.calcom.calendar import Calendar, is_office_hour
from coachbot.sandbox.calcom.event_types import EventType
from coachbot.sandbox.calcom.replies import error_reply, success
from coachbot.sandbox.clock import moment_of
from coachbot.sandbox.messages import Reply, Request, json_reply

FIELDS = (
    *("eventTypeId", "start", "attendee", "bookingFieldsResponses", "metadata"),
    *("lengthInMinutes", "location", "guests"),
)
ATTENDEE_FIELDS = ("name", "email", "timeZone", "phoneNumber", "language")
# Cal.com would take an offset too; Coachbot converts (docs/providers/calcom.md, section 3).
UTC_START = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
STATUSES = {"upcoming": "accepted", "unconfirmed": "pending"}


def create_booking(request: Request, calendar: Calendar) -> Reply:
    """POST /v2/bookings"""
    wanted = json.loads(request.body or b"{}")
    if wrong := _violation(wanted):
        return error_reply(request, 400, "BadRequestException", wrong)
    event_type = event_types.choose(str(wanted["eventTypeId"]))
    if event_type.is_silent:
        return event_types.SILENT
    if event_type.refusal and (refused := event_type.refusal(request)):
        return refused
    if event_type.is_missing:
        text = f"Event type with id {wanted['eventTypeId']} not found"
        return error_reply(request, 404, "NotFoundException", text)
    return _book(request, calendar, wanted, event_type)


def list_bookings(request: Request, calendar: Calendar) -> Reply:
    """GET /v2/bookings: filtered; unknown parameters are dropped silently."""
    wanted = {STATUSES.get(word) for word in request.query.get("status", "upcoming").split(",")}
    found = [
        booked.body
        for booked in calendar.listed(request.key)
        if booked.body["status"] in wanted and _passes(booked.body, request.query)
    ]
    taken = found[: int(request.query.get("take", 100))]
    page = {"returnedItems": len(taken), "totalItems": len(found), "hasNextPage": False}
    return json_reply({"status": "success", "data": taken, "pagination": page})


def _book(request: Request, calendar: Calendar, wanted: Mapping, event_type: EventType) -> Reply:
    start = moment_of(wanted["start"])
    if start < calendar.now() or not is_office_hour(start):
        return replies.taken(request)
    if event_type.answer and not event_type.is_booked:
        return event_type.answer
    status, hidden_for = event_type.status, event_type.hidden_for
    body = calendar.book(request.key, wanted, start, status=status, hidden_for=hidden_for)
    if body is None:
        return replies.taken(request)
    return event_type.answer or success([body] if event_type.is_recurring else body, 201)


def _violation(wanted: Any) -> str:
    """What Cal.com would say against the body; "" if nothing."""
    attendee = wanted.get("attendee") if isinstance(wanted, dict) else None
    if not isinstance(attendee, dict) or not attendee.get("name") or not attendee.get("timeZone"):
        return "attendee property is wrong"
    unknown = [name for name in wanted if name not in FIELDS]
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


def _passes(body: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    checks = {
        "eventTypeId": lambda value: str(body["eventTypeId"]) == value,
        "attendeeEmail": lambda value: body["attendees"][0].get("email") == value,
        "afterStart": lambda value: moment_of(body["start"]) >= moment_of(value),
        "beforeEnd": lambda value: moment_of(body["end"]) <= moment_of(value),
    }
    return all(check(query[name]) for name, check in checks.items() if name in query)
