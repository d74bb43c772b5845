"""Who hears of what happens at a provider: one for each API key, or one for all of them.

POST /sandbox/events-url sets one. It is the sandbox's own, and no provider's. In a browser it is
a page, in the place of a provider's own, where a person enters the URL and the secret.
"""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from coachbot.sandbox.messages import HTML, Reply, Request, json_reply, text_reply

PATH = "/sandbox/events-url"
FORM_TYPE = "application/x-www-form-urlencoded"

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sandbox: server URL</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>
<body><main>
<h1>Server URL of your assistant</h1>
<p>The sandbox stands in for Vapi: enter here what Coachbot shows under Events and tools.</p>
{said}
<form method="post">
<p><label>API key, as entered in Coachbot <input name="key" required></label></p>
<p><label>Server URL <input name="url" type="url" required></label></p>
<p><label>Secret <input name="secret" required></label></p>
<p><button>Save</button></p>
</form>
</main></body></html>
"""
SAVED = '<p role="status">Calls with this key are reported to {url} now.</p>'


@dataclass(frozen=True)
class Listener:
    """Where messages go. secret: what they bring along as a proof of their sender, as a bearer
    token; own_headers: what they bring along instead, where that is set.
    """

    url: str
    secret: str
    own_headers: Mapping[str, str] | None = None

    @property
    def headers(self) -> Mapping[str, str]:
        """What a message brings along for its proof."""
        bearer = {"Authorization": f"Bearer {self.secret}"}
        return bearer if self.own_headers is None else self.own_headers


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
        """{"url", "secret"} in, under the bearer token that is the API key; or a page's form."""
        if request.method == "GET":
            return text_reply(200, PAGE.format(said=""), HTML)
        if request.headers.get("Content-Type", "").partition(";")[0] == FORM_TYPE:
            return self._answer_form(request)
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

    def _answer_form(self, request: Request) -> Reply:
        entered = parse_qs((request.body or b"").decode("utf-8", "replace"))
        key, url, secret = (entered.get(name, [""])[0] for name in ("key", "url", "secret"))
        if not (key and url and secret):
            return text_reply(400, PAGE.format(said="<p>Fill in all three.</p>"), HTML)
        self.set(key, Listener(url, secret))
        return text_reply(200, PAGE.format(said=SAVED.format(url=html.escape(url))), HTML)


def _refusal(message: str) -> Reply:
    return json_reply({"message": message}, 400)
