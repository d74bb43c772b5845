"""Whoever rings a number at Vapi: from where, and what Vapi is answered when it asks about them.

docs/providers/vapi.md, section 10. A caller id can be forged: it says whom to greet, and proves
nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coachbot.providers.reading import fields, text

LONGEST_CALLER = 64
INBOUND = "inboundPhoneCall"
SIP_USER = re.compile(r"sips?:(\+\d+)@", re.IGNORECASE)
# What stands for a number that is withheld: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE
# on the keys of a phone. Other words, such as Anonymous, are no numbers anyway.
WITHHELD = ("+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253")


@dataclass(frozen=True)
class Ring:
    """Somebody rang. caller: the number as telephony tells it, "" where it tells none.

    phone_number_id: Vapi's id of the number that was rung.
    """

    caller: str
    phone_number_id: str

    def is_at(self, phone_number_id: str) -> bool:
        """Return whether it was this number that was rung."""
        return self.phone_number_id.lower() == phone_number_id.lower()


def read_ring(message: Mapping[str, Any]) -> Ring:
    """Return who rang, by one of Vapi's messages about an inbound call."""
    call, number = fields(message.get("call")), fields(message.get("phoneNumber"))
    customers = (fields(message.get("customer")), fields(call.get("customer")))
    caller = next(filter(None, map(_number_of, customers)), "")
    return Ring(caller, text(number.get("id")) or text(call.get("phoneNumberId")))


def _number_of(customer: Mapping[str, Any]) -> str:
    sip = SIP_USER.match(text(customer.get("sipUri")))
    number = text(customer.get("number")) or (sip[1] if sip else "")
    return "" if number in WITHHELD or len(number) > LONGEST_CALLER else number


def assistant(assistant_id: str, overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the answer that has an assistant take the call.

    overrides: what it is told of the caller; None where that one is unknown.
    """
    told = {"assistantOverrides": overrides} if overrides else {}
    return {"assistantId": assistant_id, **told}


def destination(number: str, words: str) -> dict[str, Any]:
    """Return the answer that has a call passed on to a number, which is in E.164 form.

    words: what the caller hears before.
    """
    return {"destination": {"type": "number", "number": number, "message": words}}


def refusal(words: str) -> dict[str, Any]:
    """Return the answer that says why not; a caller hears it, and then Vapi hangs up."""
    return {"error": words}
