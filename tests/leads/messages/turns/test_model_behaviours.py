"""Whatever a model does: the lead hears something sensible once, or a person is told."""

import pytest

from leads.agent.text.sentences import TEXTS, Sentence
from leads.agent.tools import TOOLS
from leads.models import ToolCall
from leads.operators import handing
from tests.factories import make_user

SORRY = TEXTS["en"][Sentence.FAILED]
FAILED = ("needs_human", "agent_failed")


def tools_of(chat) -> list[str]:
    rows = ToolCall.objects.filter(turn__conversation__lead=chat.lead)
    return list(rows.order_by("created_at").values_list("name", flat=True))


@pytest.mark.parametrize(
    ("behaviour", "tools"),
    [
        ("text", []),
        ("tool", ["updateLeadProfile"]),
        ("tools", ["updateLeadProfile", "listSlots"]),
        ("object-arguments", ["updateLeadProfile"]),
        ("no-arguments", ["listSlots"]),
        ("bad-json", ["updateLeadProfile"]),
        ("no-id", ["updateLeadProfile", "listSlots"]),
        ("same-id", ["updateLeadProfile", "listSlots"]),
        ("stop", ["updateLeadProfile"]),
        ("beside", ["updateLeadProfile"]),
        ("unknown-tool", ["sendInvoice"]),
    ],
)
def test_turn_is_answered(chat, behaviour, tools):
    chat.connect_calendar()

    answer = chat.says(f"Hello sandbox:{behaviour}")

    assert answer and answer != SORRY
    assert "Let me write that down" not in answer
    assert tools_of(chat) == tools
    assert [turn.stage for turn in chat.turns()] == ["done"]
    assert chat.status()[0] == "in_conversation"


@pytest.mark.parametrize(
    ("behaviour", "fault", "asked"),
    [
        ("written-tool", "envelope", 2),
        ("empty", "empty", 2),
        ("null", "empty", 2),
        ("length", "cut", 2),
        ("filter", "filtered", 1),
        ("filtered", "openai.filtered", 1),
        ("refusal", "declined", 1),
        ("price", "amount", 2),
        ("booked", "booking_claimed", 2),
        ("leak", "inner_words", 2),
        ("forever", "rounds", 8),
        ("rounds", "rounds", 8),
        ("quota", "openai.quota", 1),
        ("too-long", "openai.too_long", 2),
    ],
)
def test_turn_is_given_up(chat, behaviour, fault, asked):
    chat.connect_calendar()

    answer = chat.says(f"Hello sandbox:{behaviour}")

    [turn] = chat.turns()
    assert (turn.stage, turn.fault) == ("given_up", fault)
    assert answer == SORRY and [one.body for one in chat.sent()] == [SORRY]
    assert chat.status() == FAILED
    assert len(chat.asked) == asked
    assert [alert.code for alert in chat.alerts()] == ["agent.failed"]
    assert chat.conversation.due_at is None


@pytest.mark.parametrize("behaviour", ["error", "html", "page", "no-choices", "error-200", "cut"])
def test_passing_trouble_is_tried_again(chat, behaviour):
    assert chat.says(f"Hello sandbox:{behaviour}-once") == ""
    [turn] = chat.turns()
    assert (turn.stage, turn.attempts) == ("thinking", 1)

    chat.works()

    assert [turn.stage for turn in chat.turns()] == ["done"]
    assert len(chat.sent()) == 1


def test_lasting_trouble_is_given_up_after_five_attempts(chat):
    chat.says("Hello sandbox:error")
    waits = []
    for _ in range(4):
        conversation = chat.conversation
        waits.append(round((conversation.due_at - conversation.last_inbound_at).total_seconds()))
        chat.works()

    assert waits == sorted(waits) and waits[-1] > 590
    assert chat.turns()[0].fault == "openai.outage"
    assert [one.body for one in chat.sent()] == [SORRY]


def test_model_says_when_to_come_again(chat):
    chat.says("Hello sandbox:busy-once")

    assert chat.turns()[0].fault == "openai.busy"


def test_silence_of_the_model_is_tried_again(chat, settings):
    settings.OPENAI_TIMEOUT = 0.5

    assert chat.says("Hello sandbox:silent-once") == ""

    assert chat.turns()[0].fault == "openai.silent"


def test_second_draft_is_sent(chat):
    answer = chat.says("Hello sandbox:price-once")

    assert answer and answer != SORRY
    [first, second, *_] = chat.asked
    assert "was not sent" not in first["messages"][0]["content"]
    assert "price" in second["messages"][0]["content"].rpartition("Write again")[2]


def test_long_text_goes_out_in_three_parts(chat):
    chat.says("Hello sandbox:long")

    bodies = [one.body for one in chat.sent()]
    assert len(bodies) == 3 and all(len(body) <= 1_600 for body in bodies)
    assert [message.part for message in chat.messages() if message.turn and message.purpose] == [
        *(0, 1, 2)
    ]


def test_key_that_is_refused_wakes_people_at_once(chat):
    chat.model.set(chat.key, behaviour="quota")

    for _ in range(2):
        chat.says("Hello")

    assert chat.status() == FAILED
    assert [alert.error_code for alert in chat.alerts()] == ["openai.quota"]


def test_two_bookings_in_one_answer_make_one(chat):
    calendar = chat.connect_calendar()
    chat.says("Hello")
    chat.says("sandbox:bookings")

    assert tools_of(chat).count("bookConsult") == 2
    assert len(chat.sandbox.providers["calcom"].calendar.booked(calendar.api_key)) <= 1


def test_tools_are_those_of_a_written_channel(chat):
    chat.says("Hello")

    told = {tool["function"]["name"] for tool in chat.asked[0]["tools"]}
    assert told == set(TOOLS) - {"scheduleCallback"}


def test_agent_that_asks_for_a_person_says_goodbye(chat):
    answer = chat.says("I want to talk to a person.")

    assert answer.startswith("Of course")
    assert chat.status() == ("needs_human", "agent_escalated")
    assert chat.says("Hello?") == ""


def test_lead_that_opts_out_gets_one_confirmation(chat):
    answer = chat.says("Please do not write to me again, thank you.")

    assert answer.startswith("I am sorry")
    assert chat.says("Hello?") == ""
    assert chat.sent()[-1].body == answer
    assert chat.turns()[0].stage == "done"


def test_lead_that_is_handed_back_is_answered(chat):
    member = make_user(chat.workspace).memberships.get()
    handing.take_over(lead=chat.lead, by=member)
    assert chat.says("Are you there?") == ""

    handing.hand_back(lead=chat.lead, by=member)
    chat.works()

    assert len(chat.sent()) == 1
    assert "A person of the team wrote" in chat.asked[0]["messages"][0]["content"]
