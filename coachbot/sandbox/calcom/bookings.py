"""/v2/bookings: a slot is booked, bookings are listed, shown, moved and called off."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from coachbot.sandbox.calcom import event_types, replies
from coachbot.sandbox.calcom.calendar import OFF, Calendar, is_office_hour
from coachbot.sandbox.calcom.deeds import CannotBeDone, Deeds
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
# Of Cal.com's paths those that are a deed by another name, and the status of their answers.
DEEDS = {
    "cancel": ("cancel", 200),
    "reschedule": ("move", 201),
    "confirm": ("confirm", 200),
    "decline": ("reject", 200),
}


def create_booking(request: Request, deeds: Deeds) -> Reply:
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
    return _book(request, deeds, wanted, event_type)


def list_bookings(request: Request, calendar: Calendar) -> Reply:
    """GET /v2/bookings: filtered; unknown parameters are dropped silently."""
    query = request.query
    wanted = set(query.get("status", "upcoming").split(","))
    found = [
        booked.body
        for booked in calendar.listed(request.key)
        if _listed_under(booked.body, calendar.now()) in wanted and _passes(booked.body, query)
    ]
    if query.get("sortUpdatedAt") == "asc":
        found.sort(key=lambda body: body["updatedAt"])
    skip, take = int(query.get("skip", 0)), int(query.get("take", 100))
    taken, has_next = found[skip : skip + take], len(found) > skip + take
    page = {"returnedItems": len(taken), "totalItems": len(found), "hasNextPage": has_next}
    return json_reply({"status": "success", "data": taken, "pagination": page})


def show_booking(request: Request, calendar: Calendar, uid: str) -> Reply:
    """GET /v2/bookings/{uid}"""
    found = calendar.find(request.key, unquote(uid))
    if found is None:
        return _missing(request, uid)
    event_type = event_types.choose(str(found["eventTypeId"]))
    return event_types.SILENT if event_type.is_silent else success(found)


def change_booking(request: Request, deeds: Deeds, uid: str, deed: str) -> Reply:
    """POST /v2/bookings/{uid}/cancel, reschedule, confirm, decline and mark-absent"""
    said = json.loads(request.body or b"{}")
    name, status = DEEDS.get(deed, ("", 200))
    if deed == "mark-absent":
        is_absent = any(guest.get("absent") for guest in said.get("attendees", ()))
        name = "miss" if is_absent else "unmiss"
    try:
        return success(deeds.do(name, request.key, unquote(uid), said), status)
    except KeyError:
        return _missing(request, uid)
    except CannotBeDone as error:
        return error_reply(request, 400, "BadRequestException", str(error))


def _missing(request: Request, uid: str) -> Reply:
    text = f"Booking with uid={uid} was not found in the database"
    return error_reply(request, 404, "NotFoundException", text)


def _listed_under(body: Mapping[str, Any], now: datetime) -> str:
    """Which of the list's words a booking comes under; a rejected one is among the cancelled."""
    if body["status"] in OFF:
        return "cancelled"
    if body["status"] == "pending":
        return "unconfirmed"
    return "upcoming" if moment_of(body["end"]) >= now else "past"


def _book(request: Request, deeds: Deeds, wanted: Mapping, event_type: EventType) -> Reply:
    start, calendar = moment_of(wanted["start"]), deeds.calendar
    if start < calendar.now() or not is_office_hour(start):
        return replies.taken(request)
    if event_type.answer and not event_type.is_booked:
        return event_type.answer
    status, hidden_for = event_type.status, event_type.hidden_for
    body = calendar.book(request.key, wanted, start, status=status, hidden_for=hidden_for)
    if body is None:
        return replies.taken(request)
    deeds.made(request.key, body)
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
        "afterUpdatedAt": lambda value: moment_of(body["updatedAt"]) >= moment_of(value),
        "beforeEnd": lambda value: moment_of(body["end"]) <= moment_of(value),
    }
    return all(check(query[name]) for name, check in checks.items() if name in query)
