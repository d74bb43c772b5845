"""/sandbox/bookings: the place of Cal.com's own pages, where hosts and guests move and cancel.

In a browser it lists the bookings of a key, with a button for each deed. A program posts
{"uid", "deed"} with the key as its bearer token, and what goes with the deed.
"""

import html
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from coachbot.sandbox.calcom.deeds import BY_NAME, CannotBeDone, Deeds
from coachbot.sandbox.messages import HTML, Reply, Request, json_reply, text_reply

PATH = "/sandbox/bookings"
FORM_TYPE = "application/x-www-form-urlencoded"
WORDS = {
    "cancel": "Cancel",
    "ask_to_move": "Ask for another time",
    "move": "Move to the next free time",
    "confirm": "Confirm",
    "reject": "Reject",
    "miss": "Guest did not come",
    "unmiss": "Guest came after all",
    "end": "Let it end",
    "forget": "Forget it",
}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sandbox: bookings</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>
<body><main>
<h1>Bookings at Cal.com</h1>
<p>The sandbox stands in for Cal.com: here hosts and guests do with a booking what they like.</p>
<form method="get"><p><label>API key, as entered in Coachbot
<input name="key" value="{key}" required></label> <button>Show the bookings</button></p></form>
{said}
{bookings}
</main></body></html>
"""
BOOKING = """<section><h2>{who}, {start}</h2><p>{status} <code>{uid}</code></p>
<form method="post"><input type="hidden" name="key" value="{key}">
<input type="hidden" name="uid" value="{uid}"><p>{buttons}</p></form></section>
"""


def answer(request: Request, deeds: Deeds) -> Reply:
    """The page, a form of it, or a program's deed."""
    if request.method == "GET":
        return _page(deeds, request.query.get("key", ""))
    if request.headers.get("Content-Type", "").partition(";")[0] == FORM_TYPE:
        return _answer_form(request, deeds)
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if request.method != "POST" or scheme.lower() != "bearer" or not key:
        return _refusal(f"Send a POST to {PATH} with the API key as its bearer token.")
    try:
        said = json.loads(request.body or b"")
        booking = deeds.do(said["deed"], key, said["uid"], said)
    except (ValueError, KeyError, TypeError):
        return _refusal(f"Send the uid of a booking and one of: {', '.join(BY_NAME)}.")
    except CannotBeDone as error:
        return _refusal(str(error))
    return json_reply({"ok": True, "booking": booking})


def _answer_form(request: Request, deeds: Deeds) -> Reply:
    entered = parse_qs((request.body or b"").decode("utf-8", "replace"))
    key, uid, deed = (entered.get(name, [""])[0] for name in ("key", "uid", "deed"))
    try:
        deeds.do(deed, key, uid, {})
    except KeyError:
        return _page(deeds, key, "There is no such booking.")
    except CannotBeDone as error:
        return _page(deeds, key, str(error))
    return _page(deeds, key, f"Done: {WORDS[deed].lower()}.")


def _page(deeds: Deeds, key: str, said: str = "") -> Reply:
    booked = deeds.calendar.booked(key) if key else []
    shown = "".join(_booking(key, one.body) for one in booked) or "<p>No bookings.</p>"
    told = f'<p role="status">{html.escape(said)}</p>' if said else ""
    page = PAGE.format(key=html.escape(key), said=told, bookings=shown if key else "")
    return text_reply(200, page, HTML)


def _booking(key: str, body: Mapping[str, Any]) -> str:
    buttons = " ".join(
        f'<button name="deed" value="{deed}">{words}</button>' for deed, words in WORDS.items()
    )
    return BOOKING.format(
        who=html.escape(str(body["attendees"][0]["name"])),
        start=html.escape(body["start"]),
        status=html.escape(str(body["status"])),
        uid=html.escape(body["uid"]),
        key=html.escape(key),
        buttons=buttons,
    )


def _refusal(message: str) -> Reply:
    return json_reply({"message": message}, 400)
