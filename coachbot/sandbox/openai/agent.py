"""The rules by which the stand-in plays an agent: it asks, offers times, books, says goodbye.

It knows Coachbot's tools by their names, and uses only those that the request offers. Whatever it
is not offered, it says in words.
"""

import re
from collections.abc import Callable
from typing import Any

from coachbot.sandbox.openai.chat import Chat, Result
from coachbot.sandbox.openai.replies import Answer, Wish, say, use

QUESTION = "That is a good plan. How often do you train now, and which times suit you best?"
# What a prompt says before the questions of a business, which end with an empty line.
QUESTIONS = re.compile(r"Questions to ask:\n(.+?)(?:\n\n|\Z)", re.S)
MOST_QUESTIONS = 3
ASK_EMAIL = "Which e-mail address may the invitation go to?"
NO_TIMES = "I cannot see a free time just now, so a person of our team will write to you."
PERSON = "Of course. A person of our team will get in touch with you soon."
SORRY = "I am sorry for the trouble. Nobody of us will write to you again."
FAREWELL = "I understand. All the best to you!"
GOODBYE = "You are welcome. Goodbye, and see you soon!"
ELSE = "Thank you. Shall we find a time for a first consult?"

START = re.compile(r"\[(\d{4}-\d\d-\d\dT[^\]]+)\]")
SLOT = re.compile(r"(\d\d:\d\d) \[(\d{4}-\d\d-\d\dT[^\]]+)\]")
DAY = re.compile(r"([A-Z][a-z]+ \d\d? [A-Z][a-z]+): ((?:\d\d:\d\d \[[^\]]+\](?:, )?)+)")
TIME = re.compile(r"\b(\d\d?:\d\d)\b")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
ORDINALS = ("first", "second", "third")
MOST_OFFERED = 3

DECLINES = re.compile(
    r"(do not|don.?t|never|no longer) (write|message|contact|text)|remove me", re.I
)
WANTS_PERSON = re.compile(r"\b(person|human|owner|manager|somebody real)\b", re.I)
DOES_NOT_QUALIFY = re.compile(r"moved abroad|no longer for me|too far away", re.I)
WANTS_OTHERS = re.compile(r"\b(none|other|another|later|neither|not)\b", re.I)
LEAVES = re.compile(r"\b(bye|thank you|thanks|cheers)\b", re.I)


def play(chat: Chat) -> Answer:
    """What the agent says or does next."""
    if forced := _forced(chat):
        return forced
    return _go_on(chat) if chat.results else _begin(chat)


def _forced(chat: Chat) -> Answer | None:
    """A tool that has to be used, or the only thing that can be done."""
    choice, names = chat.tool_choice, list(chat.tools)
    if not names or choice == "none":
        return None
    if isinstance(choice, dict):
        names = [str(choice.get("function", {}).get("name"))]
    elif choice != "required" and (chat.results or set(names) & set(AFTER)):
        return None
    function = chat.tools.get(names[0], {})
    return use(names[0], **_filled(function.get("parameters") or {}))


def _filled(schema: Any) -> dict[str, Any]:
    """Something for each argument that is required."""
    samples = {
        "string": "ok",
        "integer": 1,
        "number": 1,
        "boolean": True,
        "array": [],
        "object": {},
    }
    known = schema.get("properties") or {}
    return {
        name: (
            known.get(name, {}).get("enum") or [samples.get(known.get(name, {}).get("type"), "ok")]
        )[0]
        for name in schema.get("required") or ()
    }


def _begin(chat: Chat) -> Answer:
    """The lead wrote."""
    text = chat.asked
    if DECLINES.search(text):
        return _use(chat, "optOut", SORRY, reason="Asks not to be written to again.")
    if WANTS_PERSON.search(text):
        return _use(chat, "escalateToHuman", PERSON, reason="Wants to talk to a person.")
    if DOES_NOT_QUALIFY.search(text):
        return _use(chat, "markUnqualified", FAREWELL, reason=text[:200])
    if _chooses(chat):
        return _book(chat)
    if LEAVES.search(text) and _has_booked(chat):
        return _use(chat, "endConversation", GOODBYE)
    if question := _next_question(chat):
        name = "goal" if not _has_asked(chat) else "notes"
        return _use(chat, "updateLeadProfile", question, **{name: text[:200] or "Not said yet"})
    return _learn_and_list(chat, text)


def _go_on(chat: Chat) -> Answer:
    """A tool answered."""
    result = chat.results[-1]
    return AFTER.get(result.name, lambda chat, result: say(ELSE))(chat, result)


def _after_profile(chat: Chat, result: Result) -> Answer:
    return say(_next_question(chat) or ELSE)


def _after_slots(chat: Chat, result: Result) -> Answer:
    """Times are known: book the one that was chosen before, or offer some."""
    if _chooses(chat) and START.search(result.text):
        return _book(chat)
    return _offer(chat, result)


def _offer(chat: Chat, result: Result) -> Answer:
    days = DAY.findall(result.text)
    if not days:
        return _use(chat, "escalateToHuman", NO_TIMES, reason="No time could be offered.")
    said = "\n".join(chat.said)
    day, listed = next((found for found in days if found[0] not in said), days[0])
    times = [time for time, _ in SLOT.findall(listed)][:MOST_OFFERED]
    if len(times) == 1:
        return say(f"On {day} there is {times[0]}, and nothing else. Does {times[0]} suit you?")
    named = f"{', '.join(times[:-1])} or {times[-1]}"
    return say(f"For a first consult I can offer {day}: {named}. Which one suits you?")


def _after_booking(chat: Chat, result: Result) -> Answer:
    text = result.text
    if "Booked for" in text or "Requested for" in text:
        found = re.search(r"(Booked|Requested) for [^\"]*", text)
        told = found[0].strip() if found else text
        return say(f"{told} Is there anything else that I can do?")
    if "e-mail address" in text:
        return say(ASK_EMAIL)
    if START.search(text):
        return _offer(chat, result)
    if "listSlots" in text and len(chat.results) < 3:
        return _use(chat, "listSlots", NO_TIMES, daysAhead=7)
    return _use(chat, "escalateToHuman", NO_TIMES, reason="The booking did not work.")


def _questions(chat: Chat) -> list[str]:
    """What the business wants to be asked, one at a time."""
    found = QUESTIONS.search(chat.system)
    lines = [line.strip(" -*\t") for line in found[1].splitlines()] if found else []
    return [line for line in lines if line][:MOST_QUESTIONS] or [QUESTION]


def _next_question(chat: Chat) -> str:
    """The first that was not asked yet; "" if all were."""
    said = "\n".join(chat.said)
    return next((question for question in _questions(chat) if question not in said), "")


def _has_asked(chat: Chat) -> bool:
    said = "\n".join(chat.said)
    return any(question in said for question in _questions(chat))


def _learn_and_list(chat: Chat, text: str) -> Answer:
    wishes = [Wish("updateLeadProfile", {"schedulePref": text[:200] or "any"})]
    wishes.append(Wish("listSlots", {"daysAhead": 7}))
    offered = tuple(wish for wish in wishes if wish.name in chat.tools)
    return Answer(wishes=offered) if offered else say(ELSE)


def _book(chat: Chat) -> Answer:
    """Book what the lead chose; without the starts, they are asked for first."""
    known = {m: s for m, s in SLOT.findall(chat.everything)}
    offer = next((said for said in reversed(chat.said) if len(TIME.findall(said)) > 1), "")
    times = TIME.findall(offer)
    if not any(time in known for time in times):
        return _use(chat, "listSlots", NO_TIMES, daysAhead=7)
    words = "\n".join((chat.asked, *_texts_of_lead(chat)[-2:]))
    chosen = _choice(words, [time for time in times if time in known])
    email = EMAIL.findall("\n".join(_texts_of_lead(chat)))
    told = {"email": email[-1]} if email else {}
    start = _start_of(chat, offer, chosen) or known[chosen]
    return _use(chat, "bookConsult", PERSON, start=start, notes="First consult", **told)


def _start_of(chat: Chat, offer: str, time: str) -> str:
    """The start of a time on the day that was offered."""
    for day, listed in DAY.findall(chat.everything):
        if day in offer:
            return dict(SLOT.findall(listed)).get(time, "")
    return ""


def _choice(words: str, times: list[str]) -> str:
    """The time that the lead means: by its clock, by its place, or else the first one."""
    for time in times:
        if time in words:
            return time
    for place, word in enumerate(ORDINALS[: len(times)]):
        if re.search(rf"\b{word}\b", words, re.I):
            return times[place]
    return times[0]


def _texts_of_lead(chat: Chat) -> list[str]:
    return [str(m.get("content") or "") for m in chat.messages if m.get("role") == "user"]


def _chooses(chat: Chat) -> bool:
    """Whether the lead takes one of the times, or gives the address that it was asked for."""
    if not chat.said or WANTS_OTHERS.search(chat.asked):
        return False
    return chat.said[-1] == ASK_EMAIL or len(TIME.findall(chat.said[-1])) > 1


def _has_booked(chat: Chat) -> bool:
    return any("Booked for" in said or "Requested for" in said for said in chat.said)


def _use(chat: Chat, name: str, otherwise: str, **arguments: Any) -> Answer:
    """Use a tool, or say something where it is not offered."""
    return use(name, **arguments) if name in chat.tools else say(otherwise)


def _words(text: str) -> Callable[[Chat, Result], Answer]:
    return lambda chat, result: say(text)


AFTER: dict[str, Callable[[Chat, Result], Answer]] = {
    "updateLeadProfile": _after_profile,
    "listSlots": _after_slots,
    "bookConsult": _after_booking,
    "markUnqualified": _words(FAREWELL),
    "escalateToHuman": _words(PERSON),
    "optOut": _words(SORRY),
    "endConversation": _words(GOODBYE),
}
