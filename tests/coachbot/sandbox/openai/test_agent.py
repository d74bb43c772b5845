"""The rules by which the model plays an agent: it asks, offers, books, and says goodbye."""

import pytest

from tests.coachbot.sandbox.openai.client import Talk, tool

SLOTS = (
    "Free times in Europe/London, each with the start to pass to bookConsult. Monday 30 November: "
    "09:00 [2026-11-30T09:00:00+00:00], 09:30 [2026-11-30T09:30:00+00:00]. Tuesday 1 December: "
    "10:00 [2026-12-01T10:00:00+00:00], 10:30 [2026-12-01T10:30:00+00:00]."
)
BOOKED = "Booked for Monday 30 November at 09:30. An invitation goes to jo@example.com."
OFFERED = "I can offer Monday 30 November: 09:00 or 09:30. Which one suits you?"


def talk_with(model, **results):
    results = {"listSlots": SLOTS, "bookConsult": BOOKED, **results}
    return Talk(model, **results)


def offered(model, **results):
    """A conversation in which times were offered."""
    talk = talk_with(model, **results)
    talk.say("I want to get fit.")
    talk.say("Mornings are best.")
    return talk


def test_agent_asks_offers_books_and_says_goodbye(model):
    talk = talk_with(model)

    assert "?" in talk.say("I want to get fit.")
    assert talk.used == [("updateLeadProfile", {"goal": "I want to get fit."})]
    assert "Monday 30 November: 09:00 or 09:30" in talk.say("Mornings are best.")
    assert [name for name, _ in talk.used] == ["updateLeadProfile", "listSlots"]
    assert BOOKED in talk.say("The second one. I am jo@example.com.")
    assert talk.used == [
        (
            "bookConsult",
            {
                "start": "2026-11-30T09:30:00+00:00",
                "notes": "First consult",
                "email": "jo@example.com",
            },
        )
    ]
    assert "Goodbye" in talk.say("Thank you, bye!")
    assert talk.used == [("endConversation", {})]


def test_times_that_are_in_no_tool_answer_any_more_are_asked_for_again(model):
    talk = talk_with(model)
    talk.messages.append({"role": "assistant", "content": OFFERED})
    talk.say("09:30 please")

    assert [name for name, _ in talk.used] == ["listSlots", "bookConsult"]
    assert talk.used[1][1]["start"] == "2026-11-30T09:30:00+00:00"


def test_other_times_are_those_of_the_next_day(model):
    talk = offered(model)

    assert "Tuesday 1 December: 10:00 or 10:30" in talk.say("None of them, another day please.")


def test_address_is_asked_for_where_the_booking_needs_one(model):
    talk = offered(model, bookConsult="An e-mail address is needed. Ask the lead for it.")

    assert "e-mail address" in talk.say("The first one.")
    talk.results["bookConsult"] = BOOKED
    assert BOOKED in talk.say("It is jo@example.com")
    assert talk.used[-1][1]["start"] == "2026-11-30T09:00:00+00:00"


@pytest.mark.parametrize(
    "text, tool",
    [
        ("Please don't write to me again.", "optOut"),
        ("Can I talk to a person?", "escalateToHuman"),
        ("I moved abroad.", "markUnqualified"),
    ],
)
def test_wish_has_its_tool(model, text, tool):
    talk = talk_with(model)

    assert talk.say(text)
    assert [name for name, _ in talk.used] == [tool]


def test_no_free_time_is_for_a_person(model):
    talk = offered(model, listSlots="No time is free in the next 7 days.")

    assert talk.used[-1][0] == "escalateToHuman"


def test_questions_of_the_business_are_asked_one_at_a_time(model):
    system = "You are Jo.\nQuestions to ask:\n- How old are you?\n- Which day?\n\nWhat is so now:\n"
    talk = Talk(model, system=system, listSlots=SLOTS)

    assert talk.say("Hi") == "How old are you?"
    assert talk.say("40") == "Which day?"
    assert "09:00" in talk.say("Monday")


@pytest.mark.parametrize("tools", [(), ("somethingElse",)])
def test_nothing_is_used_that_is_not_offered(model, tools):
    asked = [{"role": "assistant", "content": OFFERED}, {"role": "user", "content": "bye"}]
    message = model.post(asked, tools=tools, tool_choice="none").json()["choices"][0]["message"]

    assert message["content"] and "tool_calls" not in message


def test_only_tool_there_is_is_used_with_what_it_requires(model):
    say_ready = tool(
        "sayReady",
        type="object",
        properties={"word": {"enum": ["yes", "no"]}, "n": {"type": "integer"}},
        required=["word", "n"],
    )
    call = model.choice("Are you ready?", tools=[say_ready])["message"]["tool_calls"][0]

    assert call["function"] == {"name": "sayReady", "arguments": '{"word": "yes", "n": 1}'}


def test_tool_that_is_demanded_is_used(model):
    wanted = {"type": "function", "function": {"name": "optOut"}}
    choice = model.choice("Hi", tool_choice=wanted)

    assert choice["message"]["tool_calls"][0]["function"]["name"] == "optOut"
