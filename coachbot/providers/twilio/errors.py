"""What an error of Twilio's means: of a request that it refused, and of a message later on.

Its codes are texts here: Twilio once sent a word, and says that they change.
"""

import json
from dataclasses import dataclass

from coachbot.providers import ProviderError
from coachbot.providers.causes import Cause, Causes
from coachbot.providers.reading import fields, text
from coachbot.providers.twilio.faults import ROWS, Fault, Row

LONGEST_CODE = 64
OF_LEAD = (Fault.LEAD, Fault.NOT_ON_WHATSAPP, Fault.OPT_OUT, Fault.CONTENT, Fault.WINDOW)


@dataclass(frozen=True)
class Explanation:
    """What a code means: whose fault it is, what happened, and what to do about it."""

    fault: Fault
    sentence: str
    advice: str


def code_in(response: str) -> str:
    """Return Twilio's code in the body of an answer; "" where it has none.

    Both shapes have it as `code`: that of old, and RFC 9457 of its newer services.
    """
    try:
        return read_code(fields(json.loads(response)).get("code"))
    except (ValueError, RecursionError):
        return ""


def code_of(error: ProviderError) -> str:
    """Return Twilio's code of a failed request, such as "21211"; "" where it said none."""
    return code_in(error.response)


def read_code(value: object) -> str:
    """Return a code as text, whether it came as a number or as text; "" for none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 < value < 10**9 else ""
    return text(value)[:LONGEST_CODE]


def explain(code: str) -> Explanation:
    """Return what a code of Twilio's means, such as "63016"; an unknown one is said as it is."""
    row = _BY_CODE.get(code)
    if row:
        return Explanation(row.fault, row.sentence, row.advice)
    if not code:
        return Explanation(
            Fault.UNKNOWN, "Twilio does not say why.", "Look at the message in the Twilio console."
        )
    return Explanation(
        Fault.UNKNOWN,
        f"Twilio says {code}, which Coachbot does not know.",
        f"Twilio explains it: https://www.twilio.com/docs/api/errors/{code}"
        if code.isdecimal() and code.isascii()
        else "Look at the message in the Twilio console.",
    )


def _cause(row: Row) -> Cause:
    return Cause(
        row.name,
        row.title,
        row.sentence,
        row.advice,
        codes=row.codes,
        statuses=row.statuses,
        is_ours=row.is_ours,
        is_of_lead=row.fault in OF_LEAD,
    )


_BY_CODE = {code: row for row in ROWS for code in row.codes}
CAUSES = Causes(
    "twilio",
    *map(_cause, ROWS),
    Cause(
        "not_connected",
        "Twilio is not connected",
        "This workspace has no Twilio account, so nobody can be written to.",
        "Enter the account, the sender and the template in the settings.",
        is_ours=True,
    ),
    Cause(
        "unreadable_credentials",
        "The stored Twilio account cannot be read",
        "It was sealed with an encryption key that this server does not have.",
        "Ask who runs the server to restore ENCRYPTION_KEY, or enter the account again.",
        is_ours=True,
    ),
    Cause(
        "too_busy",
        "Coachbot was too busy",
        "So many requests to Twilio were under way that this one was not sent.",
        "It is tried again by itself. If it happens often, raise TWILIO_IN_FLIGHT.",
    ),
    Cause(
        "unreachable",
        "Twilio could not be reached",
        "No connection came about. Twilio, or the network of this server, is down.",
        "It is tried again by itself. Look at status.twilio.com if it goes on.",
    ),
    Cause(
        "silent",
        "Twilio did not answer clearly",
        "The request was sent, but no usable answer came back. Coachbot then looks at Twilio "
        "whether the message exists, and never sends it again unseen.",
        "Nothing. If it goes on, look at status.twilio.com.",
        statuses=(408,),
    ),
    Cause(
        "outage",
        "Twilio has trouble",
        "Twilio answered with an error of its own. Coachbot then looks there whether the message "
        "exists.",
        "Nothing. If it goes on, look at status.twilio.com.",
    ),
    Cause(
        "unknown",
        "Twilio refused the request",
        "Its code is not one that Coachbot knows.",
        "Read the message above; Twilio's console explains its code.",
    ),
    code_in=code_in,
)
