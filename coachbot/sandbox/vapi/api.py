"""The map of Vapi's API: which path leads where, and who may come in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.message import Message

from coachbot.sandbox import routes
from coachbot.sandbox.messages import Reply, Request
from coachbot.sandbox.provider import Conditions
from coachbot.sandbox.vapi import (
    catalog,
    errors,
    listing,
    orgs,
    outcomes,
    placement,
    recordings,
    ringing,
)
from coachbot.sandbox.vapi.calls import Store
from coachbot.sandbox.vapi.conversation.player import Player
from coachbot.sandbox.vapi.memory import Memory, Written
from coachbot.sandbox.vapi.placed import Call
from coachbot.sandbox.vapi.resources import assistants, tools
from coachbot.sandbox.vapi.ringing import Bell

KEY_PREFIX = "sandbox-"


class Vapi:
    """Vapi with all its orgs: every key is an org of its own."""

    about = (
        f"Vapi is at the address itself: VAPI_BASE_URL. Its keys begin with `{KEY_PREFIX}`. Every "
        f"UUID is an assistant and a phone number, unless it begins with {catalog.MISSING_PREFIX}. "
        f"POST {orgs.PATH} under a key sets its lines (lines), what becomes of calls beyond them "
        f"(when_full: {', '.join(orgs.WhenFull)}) and what is wrong with it (fault: "
        f"{', '.join(orgs.FAULTS)}, or none). "
        f"Numbers that begin with {', '.join(catalog.OWNED_PREFIXES)} answer calls by themselves. "
        f"Each org lists two assistants and two numbers; the second assistant reports to somebody "
        "else. An assistant whose server is set by PATCH reports there. "
        f'POST {ringing.PATH} with {{"number": ...}} and an API key as the bearer token rings '
        "back from a number; in a browser it is a page. "
        "The last two digits of the number that is called, or that rings, decide:"
    )
    rows = tuple((row.digits, row.says) for row in (*outcomes.TABLE, outcomes.ACCEPTED))

    def __init__(self, conditions: Conditions) -> None:
        resources = Memory()
        self._player = Player(conditions, resources)
        self.store = Store(
            now=conditions.now,
            on_placed=self._player.play,
            listener_of=conditions.listeners.of,
            resources=resources,
        )
        self._bell = Bell(self.store, self._player)

    def answer(self, request: Request) -> Reply:
        """Any request in, its reply out. Never raises for what a client did wrong."""
        if request.path == ringing.PATH:
            return self._bell.answer(request)
        route, captures = routes.find(ROUTES, request)
        if refused := _refused(request, route):
            return refused
        assert route is not None, "refused above"
        if route.needs_key:
            refused, key = _key_of(request.headers)
            if refused:
                return refused
            request = replace(request, key=key)
        return route.endpoint(request, self.store, **captures)

    def placed(self, key: str) -> list[Call]:
        """All calls placed with this API key, newest first, also those not yet listed."""
        return self.store.placed(key)

    def received(self, key: str) -> list[Call]:
        """All calls that came in at numbers of this API key, newest first."""
        return self.store.received(key)

    def written(self, key: str) -> list[Written]:
        """The requests with this API key that made or changed an assistant or a tool, in order."""
        return self.store.resources.written(key)

    def stop(self) -> None:
        """Leave every call that is being played in the middle of it."""
        self._player.stop()


@dataclass(frozen=True)
class Route(routes.Route):
    """A route that asks for a key, or not."""

    needs_key: bool = True


ROUTES = (
    Route("POST", r"/call", placement.create_call),
    Route("GET", r"/call", listing.list_calls),
    Route("GET", r"/call/(?P<call_id>[^/]+)", listing.show_call),
    Route("DELETE", r"/call/(?P<call_id>[^/]+)", listing.delete_call),
    Route("GET", r"/call/(?P<call_id>[^/]+)/mono-recording", recordings.redirect_to_recording),
    Route("GET", r"/assistant", assistants.list_assistants),
    Route("GET", r"/assistant/(?P<assistant_id>[^/]+)", assistants.show_assistant),
    Route("PATCH", r"/assistant/(?P<assistant_id>[^/]+)", assistants.change_assistant),
    Route("GET", r"/tool", tools.list_tools),
    Route("POST", r"/tool", tools.create_tool),
    Route("GET", r"/tool/(?P<tool_id>[^/]+)", tools.show_tool),
    Route("PATCH", r"/tool/(?P<tool_id>[^/]+)", tools.change_tool),
    Route("GET", r"/phone-number", catalog.list_phone_numbers),
    Route("GET", r"/phone-number/(?P<number_id>[^/]+)", catalog.show_phone_number),
    Route("GET", orgs.PATH, orgs.show),
    Route("POST", orgs.PATH, orgs.change),
    # Signed links work for whoever holds them, so this one asks for no key.
    Route("GET", r"/recordings/(?P<call_id>[^/]+)\.wav", recordings.play, needs_key=False),
)


def _refused(request: Request, route: Route | None) -> Reply | None:
    # Cloudflare stands in front of Vapi: without a User-Agent nobody gets further (section 1).
    is_behind_cloudflare = route is None or route.needs_key
    if is_behind_cloudflare and not request.headers.get("User-Agent"):
        return errors.cloudflare_1010()
    if route is None:
        return errors.refusal(404, f"Cannot {request.method} {request.target}")
    if request.body is None:
        return errors.refusal(413, "request entity too large")
    return None


def _key_of(headers: Mapping[str, str] | Message) -> tuple[Reply | None, str]:
    header = headers.get("Authorization")
    if not header:
        return errors.refusal(401, "Missing Authorization Header."), ""
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer" or not key.startswith(KEY_PREFIX):
        return errors.invalid_key(), ""
    return None, key
