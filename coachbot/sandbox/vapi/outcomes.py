"""The last two digits of the customer's number choose what happens. This is the only table."""

from dataclasses import dataclass, replace
from typing import Any

from coachbot.sandbox.messages import Manner
from coachbot.sandbox.vapi import answers
from coachbot.sandbox.vapi.answers import Answer
from coachbot.sandbox.vapi.conversation.scripts import TRANSFER_FAILURES

SILENT = answers.nothing(Manner.SILENT)
DROPPED = answers.nothing(Manner.DROPPED)
RESET = answers.nothing(Manner.RESET)
BAD_GATEWAY = answers.page(502, "502 Bad Gateway")
GATEWAY_TIMEOUT = answers.page(504, "504 Gateway Time-out")
CREATED_PAGE = answers.page(201, "Welcome")


@dataclass(frozen=True)
class Outcome:
    """One row: which digits, what happens in a plain sentence, and the same for the machine.

    `ending` names how the conversation will end, for its script; None is played as `booked`.
    `in_turn` names that of each attempt at the number, and begins again after the last.
    With `only_first`, later attempts with the same key at the same number are accepted at once.
    `crowd` is how many other calls the org makes within the minute around this one.
    """

    digits: str
    says: str
    answer: Answer = answers.created
    placed: bool = True
    ending: str | None = None
    in_turn: tuple[str, ...] = ()
    delay: float = 0.0
    hidden_for: float = 0.0
    only_first: bool = False
    crowd: int = 0


def choose(number: str, *, attempt: int) -> Outcome:
    """The customer's number, and which attempt at it this is (from 1), to what happens."""
    outcome = _BY_DIGITS.get(number[-2:], ACCEPTED)
    if outcome.in_turn:
        return replace(outcome, ending=outcome.in_turn[(attempt - 1) % len(outcome.in_turn)])
    return ACCEPTED if outcome.only_first and attempt > 1 else outcome


def _ends(digits: str, ending: str, says: str, answer: Answer = answers.created) -> Outcome:
    return Outcome(digits, says, answer, ending=ending)


def _not_placed(digits: str, answer: Answer, says: str, **more: Any) -> Outcome:
    return Outcome(digits, says, answer, placed=False, **more)


ACCEPTED = Outcome("", "Any other digits: accepted at once; it goes like 10.")

ENDINGS = (
    _ends("10", "booked", "Accepted; the lead books an appointment."),
    _ends("11", "unqualified", "Accepted; the lead turns out not to qualify."),
    _ends("12", "escalated", "Accepted; the lead asks for a person."),
    _ends("13", "no-answer", "Accepted; nobody picks up."),
    _ends("14", "voicemail", "Accepted; a voicemail picks up."),
    _ends("15", "never-rang", "Accepted; the call never rings (call.start.error...)."),
    _ends("16", "hung-up", "Accepted; the lead hangs up."),
    _ends("17", "busy", "Accepted; the line is busy."),
    _ends(
        "18",
        "concurrency-blocked",
        "Accepted, but all lines are busy (concurrencyBlocked), and it never rings.",
        answers.created_but_blocked,
    ),
    _ends("19", "provider-fault", "Accepted; a provider fails in the middle of the call."),
    _ends("20", "short", "Accepted; a talk of five seconds."),
    Outcome("21", "Accepted after 1 s; a talk of five seconds.", ending="short", delay=1.0),
    _ends("22", "untold", "Accepted; a talk of five seconds, and no message tells of its end."),
)

TRANSFERS = (
    _ends("28", "assistant-forwarded-call", "Accepted; the lead is put through to a person."),
    *(
        _ends(str(29 + place), reason, f"Accepted; the transfer fails: {reason}.")
        for place, reason in enumerate(TRANSFER_FAILURES)
    ),
)

IN_TURN = (
    Outcome(
        "23",
        "Accepted; nobody picks up, then a voicemail, then the line is busy, then the lead books.",
        in_turn=("no-answer", "voicemail", "busy", "booked"),
    ),
    Outcome(
        "24",
        "Accepted; nobody picks up, then a voicemail, then the line is busy, and so on.",
        in_turn=("no-answer", "voicemail", "busy"),
    ),
    Outcome(
        "25",
        "Accepted; the lead asks to be called back in two minutes, and books then.",
        in_turn=("callback", "booked"),
    ),
)

REFUSED = (
    _not_placed("39", answers.huge_refusal, "Refused: 400 with a body of 5 MB."),
    _not_placed(
        "40",
        answers.refused(400, [answers.NOT_E164]),
        "Refused: 400, the number is not E.164.",
    ),
    _not_placed("41", answers.assistant_missing, "Refused: 400, the assistant does not exist."),
    _not_placed(
        "42", answers.phone_number_missing, "Refused: 400, the phone number does not exist."
    ),
    _not_placed(
        "43",
        answers.refused(400, answers.DAILY_LIMIT),
        "Refused: 400, the daily outbound call limit is reached.",
    ),
    _not_placed("44", answers.invalid_key, "Refused: 401, the key is invalid."),
    _not_placed("45", answers.no_balance, "Refused: 402, the balance is insufficient."),
    _not_placed("46", answers.cloudflare_refusal, "Refused: 403 from Cloudflare, plain text."),
    _not_placed(
        "47", answers.refused(429, "Rate limit exceeded"), "Refused: 429, too many requests."
    ),
    _not_placed(
        "48",
        answers.refused(400, answers.OVER_CONCURRENCY),
        "Refused: 400, over the concurrency limit.",
    ),
    _not_placed(
        "49",
        answers.refused(400, answers.TRIAL_ACCOUNT),
        "Refused: 400, trial accounts may only call verified numbers.",
    ),
)

FAILED = (
    _not_placed("50", answers.server_error, "Not placed: 500 with JSON."),
    _not_placed("51", BAD_GATEWAY, "Not placed: 502 with an HTML page."),
    _not_placed("52", answers.empty_503, "Not placed: 503 with an empty body."),
    _not_placed("53", answers.refused(408, "Request Timeout"), "Not placed: 408 with JSON."),
    _not_placed("54", DROPPED, "Not placed: the connection is closed without an answer."),
    _not_placed("55", SILENT, "Not placed: no answer ever comes."),
    _not_placed("56", answers.redirect, "Not placed: 307 redirect to a path that is not there."),
    _not_placed(
        "57",
        answers.redirect_dripping,
        "Not placed: the same redirect, its body at one byte every half second.",
    ),
)

ANSWER_LOST = (
    Outcome("60", "Placed, but no answer ever comes.", SILENT),
    Outcome("61", "Placed, but the connection is reset instead of an answer.", RESET),
    Outcome("62", "Placed, but the 201 is cut off in its middle.", answers.created_cut),
    Outcome("63", "Placed, but the 201 carries an HTML page.", CREATED_PAGE),
    Outcome("64", "Placed, but the JSON of the 201 has no id.", answers.created_without_id),
    Outcome("65", "Placed, but the answer is a 500 with JSON.", answers.server_error),
    Outcome(
        "66", "Placed, no answer comes, and it can be read only 3 s later.", SILENT, hidden_for=3.0
    ),
    Outcome("67", "Placed, but the answer is a 504 with an HTML page.", GATEWAY_TIMEOUT),
    Outcome(
        "68", "Placed, but the 201 comes at one byte every half second.", answers.created_dripping
    ),
)

BUSY_ORG = (
    Outcome(
        "69",
        "Placed, but no answer ever comes, and the org makes 600 other calls in that minute.",
        SILENT,
        crowd=600,
    ),
)

STALLING = (
    Outcome(
        "73",
        "Placed, but the 201 stops in the middle of its body, and the connection stays.",
        answers.created_stalling,
    ),
    Outcome(
        "74",
        "Placed, but the headers of the 201 come at one byte every half second, without end.",
        answers.created_dripping_head,
    ),
)

SLOW = (
    Outcome("70", "Placed at once; the 201 comes after 1 s.", delay=1.0),
    Outcome("71", "Placed at once; the 201 comes after 3 s.", delay=3.0),
    _not_placed(
        "72",
        answers.assistant_missing,
        "Refused after 2 s: 400, the assistant does not exist.",
        delay=2.0,
    ),
)

FIRST_DIFFERS = (
    _not_placed(
        "80",
        answers.assistant_missing,
        "First refused after 0.5 s (400, the assistant does not exist), later accepted.",
        delay=0.5,
        only_first=True,
    ),
    _not_placed(
        "81", answers.server_error, "First a 500, not placed; later accepted.", only_first=True
    ),
    _not_placed("82", SILENT, "First silent, not placed; later accepted.", only_first=True),
    _not_placed(
        "83",
        answers.assistant_missing,
        "First refused at once (400, the assistant does not exist), later accepted.",
        only_first=True,
    ),
)

TABLE = (
    *ENDINGS,
    *TRANSFERS,
    *IN_TURN,
    *REFUSED,
    *FAILED,
    *ANSWER_LOST,
    *BUSY_ORG,
    *STALLING,
    *SLOW,
    *FIRST_DIFFERS,
)

_BY_DIGITS = {outcome.digits: outcome for outcome in TABLE}
