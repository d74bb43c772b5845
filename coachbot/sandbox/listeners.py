"""Who hears of what happens at a provider: one for each API key, or one for all of them.

POST /sandbox/events-url sets one. It is the sandbox's own, and no provider's.
"""

import json
from dataclasses import dataclass

from coachbot.sandbox.messages import Reply, Request, json_reply

PATH = "/sandbox/events-url"


@dataclass(frozen=True)
class Listener:
    """Where messages go. secret: what they bring along as a proof of their sender."""

    url: str
    secret: str


class Listeners:
    """Listeners by the API key at the provider. default: who hears of all other keys."""

    def __init__(self, default: Listener | None = None) -> None:
        self._default = default
        self._by_key: dict[str, Listener] = {}

    def of(self, key: str) -> Listener | None:
        """Who hears of what is done with this key; None if nobody does."""
        return self._by_key.get(key, self._default)

    def set(self, key: str, listener: Listener) -> None:
        """Tell this listener of what is done with this key from now on."""
        self._by_key[key] = listener

    def answer(self, request: Request) -> Reply:
        """{"url", "secret"} in, under the bearer token that is the API key."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if request.method != "POST" or scheme.lower() != "bearer" or not key:
            return _refusal(f"Send a POST to {PATH} with the API key as its bearer token.")
        try:
            told = json.loads(request.body or b"")
            listener = Listener(str(told["url"]), str(told["secret"]))
        except (ValueError, KeyError, TypeError):
            return _refusal('Send {"url": "https://...", "secret": "..."} as JSON.')
        self.set(key, listener)
        return json_reply({"ok": True})


def _refusal(message: str) -> Reply:
    return json_reply({"message": message}, 400)
