"""Why a message of ours did not arrive: as a code, whose fault it is, and a sentence for people."""

from dataclasses import dataclass

from coachbot.providers import ProviderError
from coachbot.providers.twilio import errors
from coachbot.providers.twilio.errors import Fault
from coachbot.providers.twilio.faults import ROWS
from leads.contact import gate
from leads.contact.rules import Held
from leads.models import Lead

# By the names in the table of providers.twilio; the last is ours: Twilio was not asked.
_FAULTS = {f"twilio.{row.name}": row.fault for row in ROWS}
_FAULTS |= {"twilio.unreadable_credentials": Fault.ACCOUNT}
_NAMES = {code: f"twilio.{row.name}" for row in ROWS for code in row.codes}


@dataclass(frozen=True)
class Failure:
    """code: Twilio's, such as "63016", one of providers.twilio's, or one of ours. words: one or
    two sentences.
    """

    code: str
    fault: Fault
    words: str

    @property
    def name(self) -> str:
        """The failure's row in the table of providers.twilio, where it has one; else its code."""
        return _NAMES.get(self.code, self.code)


WINDOW_CLOSED = Failure(
    "window_closed",
    Fault.WINDOW,
    "The lead's last message is more than 24 hours old, so WhatsApp takes templates only.",
)
NO_TEMPLATE = Failure(
    "no_template",
    Fault.CONFIG,
    "There is no template for it. Enter its SID in the settings of the Twilio account.",
)
NOT_SEEN = Failure(
    "not_seen",
    Fault.UNKNOWN,
    "Twilio did not answer, and does not list the message: it was not sent.",
)
NOBODY_KNOWS = Failure(
    "nobody_knows",
    Fault.UNKNOWN,
    "Twilio did not answer, and cannot be asked: the message may have arrived or not.",
)
OVERTAKEN = Failure("overtaken", Fault.OURS, "Something came between, so it was not sent.")


def of_error(error: ProviderError) -> Failure:
    """Return why Twilio did not take a message."""
    cause = errors.CAUSES.explain(error.code)
    code = errors.code_of(error) or error.code
    return Failure(code, _FAULTS.get(error.code, Fault.UNKNOWN), f"{cause.title}. {cause.fix}")


def of_code(code: str, told: str = "") -> Failure:
    """Return why a message did not arrive that Twilio took. code: Twilio's, "" for none.

    told: its own words, which are repeated where the code is not known.
    """
    found = errors.explain(code)
    own = f"({told}) " if told and found.fault is Fault.UNKNOWN else ""
    return Failure(code, found.fault, f"{found.sentence} {own}{found.advice}".strip())


def of_rule(lead: Lead, held: Held) -> Failure:
    """Return which rule of the workspace's own forbade it."""
    return Failure(str(held.code), Fault.OURS, gate.sentence(lead, held.code))
