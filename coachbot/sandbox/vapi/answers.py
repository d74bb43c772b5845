"""The answers that POST /call can give. Each takes what was submitted and the placed call's body
(None if nothing was placed) and returns a Reply. Which number gets which is in outcomes.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from coachbot.sandbox.messages import HTML, Manner, Reply, json_reply, text_reply
from coachbot.sandbox.vapi import errors
from coachbot.sandbox.vapi.errors import refusal

Submitted = Mapping[str, Any]
Placed = Mapping[str, Any] | None
Answer = Callable[[Submitted, Placed], Reply]

NOT_E164 = (
    "customer.number must be a valid phone number in the E.164 format. "
    "Hot tip, you may be missing the country code (Eg. US: +1)."
)
DAILY_LIMIT = (
    "Couldn't Start Call. Numbers Bought On Vapi Have A Daily Outbound Call Limit. "
    "Import Your Own Twilio Numbers To Scale Without Limits."
)
OVER_CONCURRENCY = "Over Concurrency Limit. Wait for a call to end, or add lines."
TRIAL_ACCOUNT = "Trial accounts may only make calls to verified numbers."
NO_BALANCE = "Insufficient balance. Add credits to your wallet to make calls."
HUGE_BODY_BYTES = 5_000_000


def created(submitted: Submitted, call: Placed) -> Reply:
    """201 with the call."""
    return json_reply(call or {}, 201)


def created_but_blocked(submitted: Submitted, call: Placed) -> Reply:
    """201 with the call, which waits because every line of the org is busy."""
    limits = {**(call or {}).get("subscriptionLimits", {}), "concurrencyBlocked": True}
    return json_reply({**(call or {}), "subscriptionLimits": limits}, 201)


def created_without_id(submitted: Submitted, call: Placed) -> Reply:
    """201 with JSON that does not say which call it is."""
    return json_reply({n: v for n, v in (call or {}).items() if n not in ("id", "monitor")}, 201)


def created_cut(submitted: Submitted, call: Placed) -> Reply:
    """201 whose connection ends in the middle of the body."""
    return replace(created(submitted, call), manner=Manner.CUT)


def created_dripping(submitted: Submitted, call: Placed) -> Reply:
    """201 whose body comes byte by byte."""
    return replace(created(submitted, call), manner=Manner.DRIPPING)


def created_stalling(submitted: Submitted, call: Placed) -> Reply:
    """201 whose body stops in its middle, while the connection stays."""
    return replace(created(submitted, call), manner=Manner.STALLED)


def created_dripping_head(submitted: Submitted, call: Placed) -> Reply:
    """201 whose headers come byte by byte, for ever."""
    return replace(created(submitted, call), manner=Manner.DRIPPING_HEAD)


def assistant_missing(submitted: Submitted, call: Placed = None) -> Reply:
    """400: the assistant does not exist."""
    assistant_id = submitted.get("assistantId")
    return refusal(400, f"Couldn't Get Assistant. `assistantId` {assistant_id} Does Not Exist.")


def phone_number_missing(submitted: Submitted, call: Placed = None) -> Reply:
    """400: the number to call from does not exist."""
    return refusal(400, f"`phoneNumber` `{submitted.get('phoneNumberId')}` does not exist")


def no_balance(submitted: Submitted, call: Placed) -> Reply:
    """402, in the only shape that Vapi documents for it."""
    return json_reply(
        {"statusCode": 402, "message": NO_BALANCE, "reason": "insufficient_balance"}, 402
    )


def invalid_key(submitted: Submitted, call: Placed) -> Reply:
    """401 although the key is well."""
    return errors.invalid_key()


def cloudflare_refusal(submitted: Submitted, call: Placed) -> Reply:
    """403 from Cloudflare, as plain text."""
    return errors.cloudflare_1010()


def huge_refusal(submitted: Submitted, call: Placed) -> Reply:
    """400 with a message that nobody should read to its end."""
    return refusal(400, "x" * HUGE_BODY_BYTES)


def server_error(submitted: Submitted, call: Placed) -> Reply:
    """500 as NestJS words it."""
    return json_reply({"statusCode": 500, "message": "Internal server error"}, 500)


def empty_503(submitted: Submitted, call: Placed) -> Reply:
    """503 without a body."""
    return Reply(503)


def redirect(submitted: Submitted, call: Placed) -> Reply:
    """307 to a path that does not exist: nobody should follow it with a POST."""
    return Reply(307, headers={"Location": "/elsewhere/call"})


def redirect_dripping(submitted: Submitted, call: Placed) -> Reply:
    """The same redirect, with a body that comes byte by byte."""
    reply = redirect(submitted, call)
    return replace(reply, body=b"Moved. " * 10, manner=Manner.DRIPPING)


def refused(status: int, message: str | list[str]) -> Answer:
    """An answer in Vapi's usual error shape."""
    return lambda submitted, call: refusal(status, message)


def page(status: int, title: str) -> Answer:
    """An answer that is an HTML page, as a gateway in front of Vapi would send."""
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return lambda submitted, call: text_reply(status, html, HTML)


def nothing(manner: Manner) -> Answer:
    """No answer at all: silent, dropped or reset."""
    return lambda submitted, call: Reply(manner=manner)
