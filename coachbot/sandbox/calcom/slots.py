"""GET /v2/slots: when the host is free."""

from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from coachbot.sandbox.calcom import event_types
from coachbot.sandbox.calcom.calendar import Calendar
from coachbot.sandbox.calcom.replies import error_reply, success
from coachbot.sandbox.clock import moment_of
from coachbot.sandbox.messages import Reply, Request

FIELDS = ("eventTypeId", "start", "end", "timeZone", "duration", "format")


def list_slots(request: Request, calendar: Calendar) -> Reply:
    """The free ones by day, in the zone that was asked for."""
    unknown = [name for name in request.query if name not in FIELDS]
    if unknown:
        wrong = f"{unknown[0]} property is wrong,property {unknown[0]} should not exist"
        return error_reply(request, 400, "BadRequestException", wrong)
    try:
        start, end = (moment_of(request.query[name]) for name in ("start", "end"))
        zone = ZoneInfo(request.query.get("timeZone", "UTC"))
    except (KeyError, ValueError):
        wrong = "timeZone must be a valid IANA time-zone"
        return error_reply(request, 400, "BadRequestException", wrong)
    if start > end:
        return error_reply(request, 400, "BadRequestException", "Invalid time range given")
    event_type = event_types.choose(request.query.get("eventTypeId", ""))
    if event_type.is_silent:
        return event_types.SILENT
    if event_type.is_missing:
        return error_reply(request, 404, "NotFoundException", "Event Type not found")
    free = [] if event_type.is_full else calendar.free(request.key, start, end)
    local = [slot.astimezone(zone) for slot in free]
    days = groupby(local, key=lambda slot: slot.date().isoformat())
    return success({day: [{"start": _offset(slot)} for slot in slots] for day, slots in days})


def _offset(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
