"""Ringing back: a person calls a number of an org. The sandbox's own, and no part of Vapi.

POST /sandbox/ring with {"number": ...} and the API key as the bearer token; in a browser it is a
page. "phoneNumberId" says which number is rung, else it is the one that was called from last.
"""

import html
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from coachbot.sandbox.listeners import FORM_TYPE
from coachbot.sandbox.messages import HTML, Reply, Request, json_reply, text_reply
from coachbot.sandbox.vapi import catalog, outcomes
from coachbot.sandbox.vapi.calls import Store
from coachbot.sandbox.vapi.conversation.player import Player

PATH = "/sandbox/ring"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sandbox: ring back</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>
<body><main>
<h1>Ring back</h1>
<p>The sandbox calls the number that your agent calls from, as a lead would.</p>
{said}
<form method="post">
<p><label>API key, as entered in Coachbot <input name="key" required></label></p>
<p><label>Number that rings, or Anonymous <input name="number" required></label></p>
<p><label>Phone number id, or nothing for the latest <input name="phoneNumberId"></label></p>
<p><button>Ring</button></p>
</form>
</main></body></html>
"""


class Refused(Exception):
    """Nobody can ring; `str()` says why."""


class Bell:
    """Rings numbers."""

    def __init__(self, store: Store, player: Player) -> None:
        self._store, self._player = store, player

    def answer(self, request: Request) -> Reply:
        """GET gives the page; POST rings, and answers once the server has said who answers."""
        if request.method == "GET":
            return text_reply(200, PAGE.format(said=""), HTML)
        is_form = request.headers.get("Content-Type", "").partition(";")[0] == FORM_TYPE
        try:
            key, wanted = _form_of(request) if is_form else _json_of(request)
            rung = self._ring(key, wanted)
        except Refused as error:
            if not is_form:
                return json_reply({"message": str(error)}, 400)
            said = f"<p>{html.escape(str(error))}</p>"
            return text_reply(400, PAGE.format(said=said), HTML)
        if not is_form:
            return json_reply(rung)
        told = html.escape(json.dumps(rung["answer"], ensure_ascii=False, indent=2))
        said = f'<p role="status">It rings. The server answered:</p><pre>{told}</pre>'
        return text_reply(200, PAGE.format(said=said), HTML)

    def _ring(self, key: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Ring; the call's id, and what the server answered, None if it was not asked."""
        listener = self._store.listener_of(key)
        if listener is None:
            raise Refused("Nobody hears of calls with this key: set /sandbox/events-url first.")
        number_id = str(wanted.get("phoneNumberId") or self._store.last_number(key))
        if not catalog.exists(number_id):
            raise Refused("Say as phoneNumberId which number is rung: this key called from none.")
        customer = {n: str(wanted[n]) for n in ("number", "sipUri", "name") if wanted.get(n)}
        number = customer.get("number", "")
        ending = outcomes.choose(number, attempt=1).ending or "booked"
        call = self._store.receive(key, customer, number_id, ending)
        asks = not catalog.own_answerer(number_id)
        answer = self._player.ring(call, listener, asks=asks)
        return {"callId": call.id, "answer": answer}


def _json_of(request: Request) -> tuple[str, Mapping[str, Any]]:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if request.method != "POST" or scheme.lower() != "bearer" or not key:
        raise Refused(f"Send a POST to {PATH} with the API key as its bearer token.")
    try:
        wanted = json.loads(request.body or b"")
    except ValueError:
        wanted = None
    if not isinstance(wanted, dict):
        raise Refused('Send {"number": "+44..."} as JSON.')
    return key, wanted


def _form_of(request: Request) -> tuple[str, Mapping[str, Any]]:
    entered = parse_qs((request.body or b"").decode("utf-8", "replace"))
    wanted = {name: values[0].strip() for name, values in entered.items()}
    if not wanted.get("key") or not wanted.get("number"):
        raise Refused("Fill in key and number.")
    return wanted["key"], wanted
