"""POST /sandbox/events-url: where an org's messages shall go. The sandbox's own, not Vapi's."""

import json

from coachbot.sandbox.messages import Reply, Request, json_reply, refusal
from coachbot.sandbox.vapi.calls import Listener, Store


def set_events_url(request: Request, store: Store) -> Reply:
    """{"url", "secret"} in: the calls placed with this key are played there from now on."""
    try:
        told = json.loads(request.body)
        listener = Listener(str(told["url"]), str(told["secret"]))
    except (ValueError, KeyError, TypeError):
        return refusal(400, 'Send {"url": "https://...", "secret": "..."} as JSON.')
    store.listeners[request.org] = listener
    return json_reply({"ok": True})
