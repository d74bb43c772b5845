"""The last two digits of the lead's number choose what happens. This is the only table.

Of one number the tables of Vapi and of this one say alike things: 10 books, 13 is not reached, 40
to 49 are refused, 50 to 57 are not accepted, 60 to 66 are accepted and their answer is lost.
"""

from dataclasses import dataclass
from typing import Any

from coachbot.sandbox.messages import Manner, Reply
from coachbot.sandbox.twilio import answers, errors
from coachbot.sandbox.twilio.answers import Answer, nothing, page, refused
from coachbot.sandbox.twilio.settings import Signing, Telling


@dataclass(frozen=True)
class Outcome:
    """One row: which digits, what happens in a plain sentence, and the same for the machine.

    lead: who answers, by the name of its script in scripts.SCRIPTS. error: with which code it fails
    after it was accepted; after_sent: only after it was sent. reads: whether the lead has receipts
    on. delay: seconds until the answer. only_first: later ones to the same number go like 10.
    """

    digits: str
    says: str
    answer: Answer = answers.created
    accepted: bool = True
    lead: str = "books"
    error: int = 0
    after_sent: bool = False
    telling: Telling = Telling.IN_ORDER
    signing: Signing = Signing.RIGHT
    extra: bool = False
    reads: bool = True
    delay: float = 0.0
    only_first: bool = False


def choose(address: str, *, attempt: int, digits: str = "") -> Outcome:
    """The lead's address, and which message to it this is (from 1), to what happens.

    digits: those of the row that holds in the place of the address's own.
    """
    outcome = _BY_DIGITS.get(digits or address[-2:], ORDINARY)
    return ORDINARY if outcome.only_first and attempt > 1 else outcome


def _lead(digits: str, lead: str, says: str, **more: Any) -> Outcome:
    return Outcome(digits, says, lead=lead, **more)


def _refused(digits: str, answer: Answer, says: str, **more: Any) -> Outcome:
    return Outcome(digits, says, answer, accepted=False, **more)


def _fails(digits: str, code: int, says: str, **more: Any) -> Outcome:
    return Outcome(digits, f"Accepted, then failed with {code}: {says}", error=code, **more)


ORDINARY = Outcome("", "Any other digits: delivered and read; the lead goes on like 10.")

LEADS = (
    _lead("10", "books", "The lead answers each question and books."),
    _lead("11", "unqualified", "The lead moved abroad and does not qualify."),
    _lead("12", "wants_person", "The lead asks for a person."),
    _lead("13", "silent", "Read, and never answered."),
    _lead("14", "silent", "Delivered, neither read nor answered.", reads=False),
    _lead("15", "stops", "The lead writes STOP."),
    _lead("16", "stop_wait", "The lead writes a sentence that begins with Stop, and goes on."),
    _lead("17", "comes_back", "The lead writes STOP, and START a while later."),
    _lead("18", "declines", "The lead asks in its own words not to be written to again."),
    _lead("19", "burst", "The lead writes five messages within two seconds."),
    _lead("20", "voice", "The lead sends a voice note."),
    _lead("21", "picture", "The lead sends a picture with a caption."),
    _lead("22", "bare_picture", "The lead sends a picture without a word."),
    _lead("23", "contact", "The lead sends a contact."),
    _lead("24", "place", "The lead sends where it is."),
    _lead("25", "button", "The lead presses a button of the template."),
    _lead("26", "hologram", "The lead sends a kind of message that nobody knows yet."),
    _lead("27", "empty", "The lead sends a message without a text."),
    _lead("28", "emoji", "The lead sends 1,600 emoji."),
    _lead("29", "nul", "The lead sends a text with a NUL in it."),
    _lead("30", "twice", "Each message of the lead comes twice, with the same id."),
    _lead("31", "at_once", "The lead writes two messages that come at the same moment."),
    _lead("32", "nameless", "The lead shows no number (BSUID), and books."),
    _lead("33", "other_number", "The answer comes from a number that nobody knows."),
    _lead("34", "injects", "The lead gives the agent orders."),
    _lead("35", "books", "Webhooks of this lead carry a wrong signature.", signing=Signing.WRONG),
    _lead("36", "books", "Webhooks of this lead are signed with port.", signing=Signing.PORT),
    _lead("37", "books", "Webhooks of this lead have fields nobody knows.", extra=True),
)

REFUSED = (
    _refused("40", answers.not_valid, "Refused: 21211, the number is not valid."),
    _refused("41", answers.trial, "Refused: 21608, a trial account, a number not verified."),
    _refused(
        "42",
        refused(21610, "Attempt to send to unsubscribed recipient"),
        "Refused: 21610, the lead opted out at Twilio.",
    ),
    _refused(
        "43",
        refused(21617, "The concatenated message body exceeds the 1600 character limit"),
        "Refused: 21617, the text is too long.",
    ),
    _refused("44", lambda said, shown: errors.unauthorised(), "Refused: 20003, the wrong token."),
    _refused("45", lambda said, shown: errors.busy(), "Refused: 20429, too many requests."),
    _refused(
        "46",
        refused(63007, "Twilio could not find a Channel with the specified From address"),
        "Refused: 63007, no such sender.",
    ),
    _refused(
        "47", refused(21655, "The ContentSid is Invalid"), "Refused: 21655, no such template."
    ),
    _refused(
        "48",
        refused(21656, "The Content Variables Parameter is invalid"),
        "Refused: 21656, its variables.",
    ),
    _refused(
        "49",
        refused(63016, "Failed to send freeform message because you are outside the window"),
        "Refused: 63016, the window is closed.",
    ),
)

NOT_ACCEPTED = (
    _refused("50", answers.server_error, "Not accepted: 500 with JSON."),
    _refused("51", page(502, "502 Bad Gateway"), "Not accepted: 502 with an HTML page."),
    _refused("52", lambda said, shown: Reply(503), "Not accepted: 503 with an empty body."),
    _refused("54", nothing(Manner.DROPPED), "Not accepted: the connection is closed."),
    _refused("55", nothing(Manner.SILENT), "Not accepted: no answer ever comes."),
)

ANSWER_LOST = (
    Outcome("60", "Accepted, but no answer ever comes.", nothing(Manner.SILENT)),
    Outcome("61", "Accepted, but the connection is reset.", nothing(Manner.RESET)),
    Outcome("62", "Accepted, but the 201 is cut off in its middle.", answers.cut),
    Outcome("63", "Accepted, but the 201 carries an HTML page.", page(201, "Welcome")),
    Outcome("64", "Accepted, but the 201 has no sid.", answers.without_sid),
    Outcome("65", "Accepted, but the answer is a 500.", answers.server_error),
    Outcome(
        "66",
        "Accepted, but no answer ever comes, and no callback either.",
        nothing(Manner.SILENT),
        telling=Telling.NEVER,
    ),
)

SLOW = (
    Outcome("70", "Accepted at once; the 201 comes after 1 s.", delay=1.0),
    Outcome("71", "Accepted at once; the 201 comes after 3 s.", delay=3.0),
    Outcome("72", "Accepted at once; the 201 comes after 20 s.", delay=20.0),
)

CALLBACKS = (
    Outcome("74", "Each callback comes twice.", telling=Telling.DOUBLED),
    Outcome(
        "75", "Callbacks overtake each other: read, delivered, sent.", telling=Telling.SHUFFLED
    ),
    Outcome("76", "Callbacks come minutes late.", telling=Telling.LATE),
    Outcome("77", "No callback ever comes.", telling=Telling.NEVER),
)

FIRST_DIFFERS = (
    _refused(
        "80", lambda said, shown: errors.busy(), "First a 20429; later as 10.", only_first=True
    ),
    _refused("81", answers.server_error, "First a 500, unaccepted; later as 10.", only_first=True),
    _refused("82", nothing(Manner.SILENT), "First silence; later as 10.", only_first=True),
)

FAILURES = (
    _fails("84", 63012, "an error inside WhatsApp."),
    _fails("85", 63018, "the sender's limit for the day."),
    _fails("86", 63028, "the wrong number of variables."),
    _fails("87", 63041, "the template is paused."),
    _fails("88", 63051, "the sender is locked."),
    _fails("89", 63013, "the policy."),
    _fails("90", 63016, "outside the window."),
    _fails("91", 63003, "not on WhatsApp."),
    _fails("92", 63024, "an invalid recipient."),
    _fails("93", 63015, "the lead has not joined the sandbox of Twilio."),
    _fails("94", 63032, "an experiment of Meta's."),
    _fails("95", 63049, "Meta chose not to deliver it."),
    _fails("96", 63014, "the lead blocked the business."),
    Outcome("97", "Sent, then undelivered with 63024.", error=63024, after_sent=True),
    _fails("98", 63001, "the channel could not authenticate."),
)

TABLE = (
    *LEADS,
    *REFUSED,
    *NOT_ACCEPTED,
    *ANSWER_LOST,
    *SLOW,
    *CALLBACKS,
    *FIRST_DIFFERS,
    *FAILURES,
)

_BY_DIGITS = {outcome.digits: outcome for outcome in TABLE}
