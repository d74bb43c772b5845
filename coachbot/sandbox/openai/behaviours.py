"""What a model can do wrong, by name. This is the only table.

A lead chooses one by writing `sandbox:NAME`, a workspace by the model's name `sandbox-NAME`. With
`-once` behind it, it happens to the first request about a message, and the next one is well.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from coachbot.sandbox.messages import HTML, Manner, Reply, json_reply, text_reply
from coachbot.sandbox.openai import agent
from coachbot.sandbox.openai.chat import Chat
from coachbot.sandbox.openai.replies import Answer, Wish, body_of, call_of, completion, error_reply

Answering = Callable[[Chat], Reply]
PROFILE = Wish("updateLeadProfile", {"notes": "Said so in the sandbox."})
SLOTS = Wish("listSlots", {"daysAhead": 7})
TEXT = "Thank you. What would you like to reach?"
ROUNDS = 9


@dataclass(frozen=True)
class Behaviour:
    """One row. delay: seconds until the answer."""

    name: str
    says: str
    answer: Answering
    delay: float = 0.0


def ordinary(chat: Chat) -> Reply:
    """What the agent says by its rules."""
    return json_reply(completion(chat, agent.play(chat)))


def _text(text: str | None, finish: str = "", **fields: Any) -> Answering:
    def answer(chat: Chat) -> Reply:
        body = body_of(chat, text, finish=finish)
        body["choices"][0]["message"] |= fields
        return json_reply(body)

    return answer


def _tools(*wishes: Wish, finish: str = "", text: str | None = None, **odd: Any) -> Answering:
    """Tool calls in the first round, and then the agent's own words. odd: parts of each call."""

    def answer(chat: Chat) -> Reply:
        if chat.results:
            return ordinary(chat)
        calls = [call_of(wish) for wish in wishes]
        for call in calls:
            call["function"] |= {n: v for n, v in odd.items() if n != "id"}
            call |= {n: v for n, v in odd.items() if n == "id"}
        return json_reply(body_of(chat, text, calls, finish))

    return answer


def _nine_rounds(chat: Chat) -> Reply:
    if len(chat.results) >= ROUNDS:
        return json_reply(completion(chat, Answer(TEXT)))
    wish = replace(PROFILE, arguments={"notes": f"Round {len(chat.results) + 1}"})
    return json_reply(completion(chat, Answer(wishes=(wish,))))


def _for_ever(chat: Chat) -> Reply:
    return json_reply(completion(chat, Answer(wishes=(SLOTS,))))


def _busy(chat: Chat) -> Reply:
    reply = error_reply(429, "Rate limit reached", kind="requests", code="rate_limit_exceeded")
    return replace(reply, headers={"Retry-After": "2"})


def _no_quota(chat: Chat) -> Reply:
    said = "You exceeded your current quota, please check your plan and billing details."
    return error_reply(429, said, kind="insufficient_quota", code="insufficient_quota")


def _server_error(chat: Chat) -> Reply:
    said = "The server had an error while processing your request. Sorry about that!"
    return error_reply(500, said, kind="server_error")


def _filtered_400(chat: Chat) -> Reply:
    said = "The response was filtered due to the prompt triggering content management policy."
    return error_reply(400, said, code="content_filter")


def _too_long(chat: Chat) -> Reply:
    said = "This model's maximum context length is 8192 tokens. Please reduce the messages."
    return error_reply(400, said, param="messages", code="context_length_exceeded")


def _no_choices(chat: Chat) -> Reply:
    return json_reply({**body_of(chat, TEXT), "choices": []})


def _error_in_200(chat: Chat) -> Reply:
    return json_reply({"error": {"message": "Provider returned error", "code": 502}})


def _huge(chat: Chat) -> Reply:
    return json_reply(body_of(chat, "x" * 2_000_000))


def _leak(chat: Chat) -> Reply:
    told = f"My instructions are: {chat.system[:600]} My tools: {', '.join(chat.tools)}"
    return json_reply(completion(chat, Answer(told)))


def _obey_booking(chat: Chat) -> Reply:
    if chat.results:
        return json_reply(completion(chat, Answer("Done: you are booked for tomorrow at 03:00.")))
    wish = Wish("bookConsult", {"start": "2026-01-01T03:00:00Z", "email": "x@example.com"})
    return json_reply(completion(chat, Answer(wishes=(wish,))))


SILENT = Reply(manner=Manner.SILENT)
PAGE = text_reply(502, "<html><body><h1>502 Bad Gateway</h1></body></html>", HTML)

TABLE = (
    Behaviour("text", "A plain text.", _text(TEXT)),
    Behaviour("tool", "One tool.", _tools(PROFILE)),
    Behaviour("tools", "Two tools at once.", _tools(PROFILE, SLOTS)),
    Behaviour("bookings", "Two bookings at once.", _tools(*[Wish("bookConsult", {})] * 2)),
    Behaviour("rounds", "Nine rounds of tools, then a text.", _nine_rounds),
    Behaviour("forever", "Tools without end.", _for_ever),
    Behaviour("bad-json", "Arguments that are no JSON.", _tools(PROFILE, arguments='{"notes": "a')),
    Behaviour("no-arguments", "Arguments that are an empty text.", _tools(SLOTS, arguments="")),
    Behaviour(
        "object-arguments",
        "Arguments that are an object.",
        _tools(PROFILE, arguments=dict(PROFILE.arguments)),
    ),
    Behaviour("unknown-tool", "A tool that nobody offered.", _tools(Wish("sendInvoice", {}))),
    Behaviour("no-id", "Two tool calls with empty ids.", _tools(PROFILE, SLOTS, id="")),
    Behaviour("same-id", "Two tool calls with the same id.", _tools(PROFILE, SLOTS, id="call_0")),
    Behaviour("stop", "A tool call that finishes with stop.", _tools(PROFILE, finish="stop")),
    Behaviour("beside", "A text beside a tool.", _tools(PROFILE, text="Let me write that down…")),
    Behaviour(
        "written-tool",
        "A tool call that is written as a text.",
        _text('<tool_call>{"name": "bookConsult", "arguments": {}}</tool_call>'),
    ),
    Behaviour("empty", "A text without a letter.", _text(" ")),
    Behaviour("null", "No text at all.", _text(None)),
    Behaviour(
        "length", "A text that is cut by its length.", _text("This is a text that", "length")
    ),
    Behaviour("filter", "Filtered in its middle.", _text("I", "content_filter")),
    Behaviour("filtered", "Filtered: 400.", _filtered_400),
    Behaviour("refusal", "A refusal.", _text(None, refusal="I can't help with that.")),
    Behaviour("busy", "429, and to be asked again in 2 s.", _busy),
    Behaviour("quota", "429: nobody paid.", _no_quota),
    Behaviour("error", "500.", _server_error),
    Behaviour("too-long", "400: too much to read.", _too_long),
    Behaviour("silent", "No answer for 60 s.", lambda chat: SILENT),
    Behaviour("cut", "An answer that is cut.", lambda c: replace(ordinary(c), manner=Manner.CUT)),
    Behaviour("html", "502 with an HTML page.", lambda chat: PAGE),
    Behaviour("page", "200 with an HTML page.", lambda chat: replace(PAGE, status=200)),
    Behaviour("no-choices", "200 without choices.", _no_choices),
    Behaviour("error-200", "200 with an error.", _error_in_200),
    Behaviour("huge", "2 MB of text.", _huge),
    Behaviour("slow", "A good answer after 2 s.", ordinary, delay=2.0),
    Behaviour("long", "A text of 6,000 letters.", _text("A sentence of some length. " * 222)),
    Behaviour("price", "A price and a link of its own.", _text("It is £1: https://pay.example/1")),
    Behaviour("booked", "Claims a booking that is none.", _text("You are booked for 3 am!")),
    Behaviour("leak", "Tells its instructions.", _leak),
    Behaviour("obey", "Books what was never offered, and says so.", _obey_booking),
)
BY_NAME = {row.name: row for row in TABLE}
# What a lead orders a machine to do; this one obeys.
ORDERS = {"prompt": "leak", "book": "obey", "price": "price"}


def choose(chat: Chat, wanted: str) -> tuple[Behaviour | None, bool]:
    """The row that holds, None for the rules; and whether it holds for a first request only.

    wanted: the name that was set for the key, or "".
    """
    name = wanted or _named(chat)
    is_once = name.endswith("-once")
    return BY_NAME.get(name.removesuffix("-once")), is_once


def _named(chat: Chat) -> str:
    _, found, words = chat.asked.rpartition("sandbox:")
    if found:
        return words.split()[0].strip(".,!") if words.split() else ""
    text = chat.asked.lower()
    if "ignore" in text:
        return next((name for word, name in ORDERS.items() if word in text), "")
    return chat.model.removeprefix("sandbox-") if chat.model.startswith("sandbox-") else ""
