"""The map of the API: which path leads where, and who may come in."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from coachbot.sandbox import listeners
from coachbot.sandbox.calcom import api as calcom
from coachbot.sandbox.messages import (
    Reply,
    Request,
    cloudflare_1010,
    invalid_key,
    json_reply,
    refusal,
)
from coachbot.sandbox.vapi import catalog, listing, placement, recordings
from coachbot.sandbox.vapi.calls import Store, org_of

KEY_PREFIX = "sandbox-"


def answer(request: Request, store: Store) -> Reply:
    """Any request in, its reply out. Never raises for what a client did wrong."""
    if request.path.startswith("/v2/"):
        return calcom.answer(request, store.calendar)
    route, captures = _find_route(request)
    is_vapi = route is None or route.needs_key
    # Cloudflare stands in front of Vapi: without a User-Agent nobody gets further (section 1).
    if is_vapi and not request.headers.get("User-Agent"):
        return cloudflare_1010()
    if route is None:
        return refusal(404, f"Cannot {request.method} {request.target}")
    if request.body is None:
        return refusal(413, "request entity too large")
    if route.needs_key:
        refused, key = _key_of(request)
        if refused:
            return refused
        request = replace(request, org=org_of(key))
    return route.endpoint(request, store, **captures)


def _key_of(request: Request) -> tuple[Reply | None, str]:
    header = request.headers.get("Authorization")
    if not header:
        return refusal(401, "Missing Authorization Header."), ""
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer" or not key.startswith(KEY_PREFIX):
        return invalid_key(), ""
    return None, key


def show_call(request: Request, store: Store, call_id: str) -> Reply:
    """GET /call/{id}: one call of the org, 404 for anything else."""
    call = store.find(request.org, call_id)
    return json_reply(call.body) if call else refusal(404, f"Call `{call_id}` does not exist.")


@dataclass(frozen=True)
class Route:
    """A method and a path, and the function that answers them."""

    method: str
    pattern: str
    endpoint: Callable[..., Reply]
    needs_key: bool = True


ROUTES = (
    Route("POST", r"/call", placement.create_call),
    Route("GET", r"/call", listing.list_calls),
    Route("GET", r"/call/(?P<call_id>[^/]+)", show_call),
    Route("GET", r"/call/(?P<call_id>[^/]+)/mono-recording", recordings.redirect_to_recording),
    Route("GET", r"/assistant", catalog.list_assistants),
    Route("GET", r"/assistant/(?P<assistant_id>[^/]+)", catalog.show_assistant),
    Route("GET", r"/phone-number/(?P<number_id>[^/]+)", catalog.show_phone_number),
    Route("POST", r"/sandbox/events-url", listeners.set_events_url),
    # Signed links work for whoever holds them, so this one asks for no key.
    Route("GET", r"/recordings/(?P<call_id>[^/]+)\.wav", recordings.play, needs_key=False),
)


def _find_route(request: Request) -> tuple[Route | None, dict[str, str]]:
    for route in ROUTES:
        match = re.fullmatch(route.pattern, request.path)
        if match and route.method == request.method:
            return route, match.groupdict()
    return None, {}
