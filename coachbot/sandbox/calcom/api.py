"""The map of Cal.com's API v2: which path leads where, and who may come in."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from coachbot.sandbox import routes
from coachbot.sandbox.calcom import bookings, event_types, page, slots
from coachbot.sandbox.calcom.calendar import Calendar
from coachbot.sandbox.calcom.deeds import Deeds
from coachbot.sandbox.calcom.replies import error_reply, success
from coachbot.sandbox.calcom.telling import Teller
from coachbot.sandbox.calcom.webhooks import Hooks
from coachbot.sandbox.messages import Reply, Request
from coachbot.sandbox.provider import Conditions

KEY_PREFIX = "cal_sandbox"


class Calcom:
    """Cal.com with the calendar of every key."""

    about = (
        "Cal.com is at the address with /v2 behind it: CALCOM_BASE_URL. Its keys begin with "
        f"`{KEY_PREFIX}`. The host works on weekdays from 9 to 17 o'clock UTC. At {page.PATH} "
        "bookings are moved, cancelled and missed; webhooks are told of it. The last two digits "
        "of the event type's id decide:"
    )
    rows = tuple((row.digits, row.says) for row in (*event_types.TABLE, event_types.ORDINARY))

    def __init__(self, conditions: Conditions) -> None:
        self.calendar = Calendar(conditions.now)
        self.hooks = Hooks()
        self.teller = Teller(lambda: self.calendar.now(), self.hooks.of)
        self.deeds = Deeds(self.calendar, self.teller)

    def answer(self, request: Request) -> Reply:
        """Any request below /v2/, or for the sandbox's own page, in, its reply out."""
        if request.path == page.PATH:
            return page.answer(request, self.deeds)
        route, captures = routes.find(ROUTES, request)
        if route is None or not route.is_in(request.headers.get("cal-api-version")):
            text = f"Cannot {request.method} {request.target}"
            return error_reply(request, 404, "NotFoundException", text)
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not key.startswith(KEY_PREFIX):
            return error_reply(request, 401, "UnauthorizedException", "Your api key is not valid")
        return route.endpoint(replace(request, key=key), self, **captures)

    def stop(self) -> None:
        """Tell nobody of anything more."""
        self.teller.stop()


def show_me(request: Request, calcom: Calcom) -> Reply:
    """GET /v2/me"""
    return success({"id": 11, "username": "jo", "email": "jo@sandbox.invalid"})


def show_event_type(request: Request, calcom: Calcom, event_type_id: str) -> Reply:
    """GET /v2/event-types/{id}: 404 also for one that the key may not see."""
    event_type = event_types.choose(event_type_id)
    if event_type.is_silent:
        return event_types.SILENT
    if event_type.is_missing:
        return error_reply(request, 404, "NotFoundException", "Event type not found")
    return success(
        {
            **{"id": int(event_type_id), "title": "Consult", "slug": "consult"},
            **{"lengthInMinutes": 30, "recurrence": None, "price": 0, "bookingFields": []},
            **event_type.shows,
        }
    )


@dataclass(frozen=True)
class Route(routes.Route):
    """A route that only some versions reach; with none given, all of them do."""

    versions: tuple[str, ...] = ()

    def is_in(self, version: str | None) -> bool:
        """Whether this version has the route."""
        return not self.versions or version in self.versions


def answer_webhooks(
    request: Request, calcom: Calcom, event_type_id: str, hook_id: str = ""
) -> Reply:
    """/v2/event-types/{id}/webhooks, and one of them"""
    return calcom.hooks.answer(request, event_type_id, hook_id)


def of_calendar(endpoint: Callable[..., Reply]) -> Callable[..., Reply]:
    """An endpoint that needs no more than the calendar."""
    return lambda request, calcom, **captures: endpoint(request, calcom.calendar, **captures)


def of_deeds(endpoint: Callable[..., Reply]) -> Callable[..., Reply]:
    """An endpoint by which something is done that others are told of."""
    return lambda request, calcom, **captures: endpoint(request, calcom.deeds, **captures)


BOOKINGS = ("2024-08-13", "2026-02-25")
HOOKS, HOOK = r"/v2/event-types/(?P<event_type_id>\d+)/webhooks", r"/(?P<hook_id>[^/]+)"
BOOKING = r"/v2/bookings/(?P<uid>[^/]+)"
ROUTES = (
    Route("GET", r"/v2/me", show_me),
    Route("GET", r"/v2/event-types/(?P<event_type_id>\d+)", show_event_type, ("2024-06-14",)),
    Route("GET", HOOKS, answer_webhooks),
    Route("POST", HOOKS, answer_webhooks),
    Route("GET", HOOKS + HOOK, answer_webhooks),
    Route("PATCH", HOOKS + HOOK, answer_webhooks),
    Route("DELETE", HOOKS + HOOK, answer_webhooks),
    Route("GET", r"/v2/slots", of_calendar(slots.list_slots), ("2024-09-04",)),
    Route("POST", r"/v2/bookings", of_deeds(bookings.create_booking), BOOKINGS),
    Route("GET", r"/v2/bookings", of_calendar(bookings.list_bookings), BOOKINGS),
    Route("GET", BOOKING, of_calendar(bookings.show_booking), BOOKINGS),
    Route("POST", BOOKING + r"/(?P<deed>[a-z-]+)", of_deeds(bookings.change_booking), BOOKINGS),
)
