"""The answers that POST Messages.json can give. Each takes what was submitted and the accepted
message's body (None if nothing was accepted) and returns a Reply. outcomes.py says which is whose.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from coachbot.sandbox.messages import HTML, Manner, Reply, json_reply, text_reply
from coachbot.sandbox.twilio import errors

Submitted = Mapping[str, str]
Shown = Mapping[str, Any] | None
Answer = Callable[[Submitted, Shown], Reply]


def created(submitted: Submitted, message: Shown) -> Reply:
    """201 with the message."""
    return json_reply(message or {}, 201)


def without_sid(submitted: Submitted, message: Shown) -> Reply:
    """201 that does not say which message it is."""
    hidden = ("sid", "uri", "subresource_uris")
    return json_reply({n: v for n, v in (message or {}).items() if n not in hidden}, 201)


def cut(submitted: Submitted, message: Shown) -> Reply:
    """201 whose connection ends in the middle of the body."""
    return replace(created(submitted, message), manner=Manner.CUT)


def server_error(submitted: Submitted, message: Shown) -> Reply:
    """500 as Twilio words it."""
    return errors.refusal(20500, "An internal server error has occurred", 500)


def not_valid(submitted: Submitted, message: Shown) -> Reply:
    """400: nobody has this number."""
    to = submitted.get("To", "")
    return errors.refusal(21211, f"The 'To' number {to} is not a valid phone number.")


def trial(submitted: Submitted, message: Shown) -> Reply:
    """400: a trial account, and a number that it has not verified."""
    said = (
        f"The number {submitted.get('To', '')} is unverified. Trial accounts cannot send messages "
        "to unverified numbers; verify it, or purchase a Twilio number."
    )
    return errors.refusal(21608, said)


def refused(code: int, message: str, status: int = 400) -> Answer:
    """An answer in Twilio's usual error shape."""
    return lambda submitted, shown: errors.refusal(code, message, status)


def page(status: int, title: str) -> Answer:
    """An HTML page, as a proxy in between would send."""
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return lambda submitted, shown: text_reply(status, html, HTML)


def nothing(manner: Manner) -> Answer:
    """No answer at all: silent, dropped or reset."""
    return lambda submitted, shown: Reply(manner=manner)
