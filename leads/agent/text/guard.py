"""The last look at what the model wrote, before it is sent: a code says what is wrong with it."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices

from coachbot.visible import is_blank
from leads.agent.text import amounts, claims, languages, links
from leads.agent.text.parts import LONGEST, MOST_PARTS
from leads.agent.tools import TOOLS


class Verdict(TextChoices):
    """What the guard says of a text. All but `passed` are stored as the fault of a turn."""

    PASSED = "passed"
    EMPTY = "empty"
    CUT = "cut"  # by the limit of a round: nothing that is cut is sent
    TOO_LONG = "too_long"
    ENVELOPE = "envelope"
    INNER_WORDS = "inner_words"
    BOOKING_CLAIMED = "booking_claimed"
    CHANGE_CLAIMED = "change_claimed"
    AMOUNT = "amount"
    LINK = "link"
    REPEATED = "repeated"
    LANGUAGE = "language"


# What the model is told where a text does not pass, for its second try.
REASONS = {
    Verdict.EMPTY: "It was empty. Write the answer to the lead.",
    Verdict.CUT: "It was too long and broke off. Write a much shorter one.",
    Verdict.TOO_LONG: "It was too long. Write a much shorter one.",
    Verdict.ENVELOPE: "It held code or markup. Write plain words for a person; call a tool as one.",
    Verdict.INNER_WORDS: "It spoke of how you work. Write only what concerns the lead.",
    Verdict.BOOKING_CLAIMED: "It said that something is booked, and nothing is: bookConsult did "
    "not answer Booked. Book first, or do not say so.",
    Verdict.CHANGE_CLAIMED: "It said that an appointment was moved or cancelled. You cannot do "
    "that: say that a person of the team will, and call escalateToHuman.",
    Verdict.AMOUNT: "It named a price or a percentage that the offer does not. Name none, or the "
    "one of the offer.",
    Verdict.LINK: "It named a web or mail address that the offer does not. Name none.",
    Verdict.REPEATED: "It was the same as your message before. Say something new.",
    Verdict.LANGUAGE: "It was in another language than the lead's. Write in the lead's language.",
}
# Words of the machinery, in no text to a lead.
INNER = re.compile(
    r"\b(?:system prompt|system message|my (?:instructions|prompt|system)|the prompt|lead[_ ]data|"
    r"tool[_ ]calls?|function[_ ]calls?|api[_ -]key|chat[_ ]completion|openai|"
    r"(?:i was|i am|i'm) (?:instructed|programmed|prompted)|meine (?:anweisungen|instruktionen)|"
    r"mes instructions|mis instrucciones)\b",
    re.IGNORECASE,
)
TOOL_WORDS = re.compile(
    rf"\b(?:{'|'.join(re.sub('(?<!^)(?=[A-Z])', '[ _-]?', name) for name in TOOLS)})\b",
    re.IGNORECASE,
)
# Forms of keys and tokens of providers, and of our own.
SECRETS = re.compile(
    r"\b(?:sk-[\w-]{8,}|ck_live_\w+|whsec_\w+|cal_(?:live|sandbox)?_?[0-9a-f]{8,}|"
    r"(?:AC|SK|MG|HX)[0-9a-f]{32}|[0-9a-f]{32,})\b",
    re.IGNORECASE,
)
MARKUP = re.compile(r"```|<\|?/?[a-z_][\w:-]*(?:\s[^<>]*)?\|?>|\[/?(?:INST|TOOL)", re.IGNORECASE)
FIELDS = re.compile(r"[\"'](?:name|arguments|parameters|role|content|function)[\"']\s*:")
# So many words in a row, as the instructions have them, are no chance.
RUN = 7


@dataclass(frozen=True)
class Facts:
    """What a text is held against.

    offer: the business's own words to leads, with prices and links. inner: the instructions, of
    which no run of words may be repeated. lead_words: what the lead wrote last; addresses: all in
    which it may have named a mail address. has_booking: whether a booking of the lead is made.
    """

    offer: str
    inner: str
    lead_words: str
    addresses: str
    previous: str
    has_booking: bool


def judge(text: str, facts: Facts) -> Verdict:
    """Return the first thing that keeps a text from being sent, PASSED where nothing does."""
    if is_blank(text):
        return Verdict.EMPTY
    return next((verdict for verdict, is_so in _faults(text, facts) if is_so), Verdict.PASSED)


def _faults(text: str, facts: Facts) -> Iterable[tuple[Verdict, bool]]:
    yield Verdict.ENVELOPE, _is_envelope(text)
    yield Verdict.INNER_WORDS, _tells_inner(text, facts)
    yield Verdict.BOOKING_CLAIMED, not facts.has_booking and claims.claims_booking(text)
    yield Verdict.CHANGE_CLAIMED, claims.claims_change(text)
    yield Verdict.AMOUNT, bool(amounts.invented(text, facts.offer))
    links_found = links.invented(text, offered=facts.offer, addresses=facts.addresses)
    yield Verdict.LINK, bool(links_found)
    yield Verdict.REPEATED, bool(facts.previous) and _plain(text) == _plain(facts.previous)
    yield Verdict.LANGUAGE, languages.differ(facts.lead_words, text)
    yield Verdict.TOO_LONG, len(text) > LONGEST * MOST_PARTS


def note(verdict: Verdict, text: str) -> str:
    """Return what the model is told for its second try. text: the draft that did not pass."""
    draft = json.dumps(text[:500], ensure_ascii=False)
    return f"Your last draft was not sent: {draft}. {REASONS[verdict]}"


def _is_envelope(text: str) -> bool:
    bare = text.strip()
    if bare.startswith(("{", "[")):
        try:
            json.loads(bare)
            return True
        except (ValueError, RecursionError):
            pass
    return bool(MARKUP.search(text) or FIELDS.search(text))


def _tells_inner(text: str, facts: Facts) -> bool:
    if INNER.search(text) or TOOL_WORDS.search(text) or SECRETS.search(text):
        return True
    own = _runs(facts.inner) - _runs(facts.offer)
    return not own.isdisjoint(_runs(text))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)}


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
