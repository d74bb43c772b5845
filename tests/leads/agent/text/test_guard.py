"""What the guard lets pass, and what not."""

import pytest

from leads.agent.text import guard
from leads.agent.text.guard import Facts, Verdict

OFFER = "Trial hour: free. Twice a week: £149 a month. Timetable: https://north.example/times"
INNER = "Always in the language in which the lead writes. Use the tools by calling them."


def verdict_of(text: str, **facts) -> str:
    known = {
        "offer": OFFER,
        "inner": INNER,
        "lead_words": "Hello, I want to lose weight",
        "addresses": "jane@acme.com",
        "previous": "How often do you train?",
        "has_booking": False,
    }
    return guard.judge(text, Facts(**{**known, **facts})).value


PASSES = [
    "Nice to meet you! How often do you train at the moment?",
    "Twice a week is £149 a month, and the trial hour is free.",
    "It costs 149 pounds a month.",
    "The times are on https://north.example/times.",
    "I can offer Monday 3 June at 10:00 or 11:00. Which one suits you?",
    "Shall I book Monday at 10:00 for you?",
    "I have not booked anything yet. Which time do you want?",
    "Once it is booked, an invitation goes to jane@acme.com.",
    "Sorry, Tuesday is fully booked. How about Wednesday at 9:30?",
    "I could not book that time. A person of our team will get in touch.",
    "In 2024 we opened our second studio, with 12 trainers.",
    "Please come 10 minutes early.",
    "Great, 3 sessions a week for 45 minutes is a good plan.",
]


@pytest.mark.parametrize("text", PASSES)
def test_passes(text):
    assert verdict_of(text) == Verdict.PASSED


BOOKED = [
    "You are booked for Monday at 10:00!",
    "Great news, you're all set for Tuesday.",
    "I've scheduled you for 3 pm.",
    "Your appointment is confirmed.",
    "No problem, you're booked.",
    "I can confirm that you are booked for Monday.",
    "Perfect. See you on Monday at 10:00!",
    "Sie sind für Montag um 10 Uhr gebucht.",
    "Der Termin steht!",
    "C'est noté, votre rendez-vous est confirmé.",
    "Su cita está confirmada.",
]


@pytest.mark.parametrize("text", BOOKED)
def test_booking_is_claimed_only_where_one_is_made(text):
    assert verdict_of(text, lead_words="") == Verdict.BOOKING_CLAIMED
    assert verdict_of(text, lead_words="", has_booking=True) == Verdict.PASSED


@pytest.mark.parametrize(
    "text",
    [
        "It is £1.",
        "That is 99 euros.",
        "Only $1,000.50 today.",
        "EUR 20 for the first month.",
        "You get 50% off.",
        "It costs 80 a month.",
        "fifty euros, just for you",
        "Das kostet 99 Euro im Monat.",
    ],
)
def test_amount_is_one_of_the_offer(text):
    assert verdict_of(text, lead_words="") == Verdict.AMOUNT


@pytest.mark.parametrize(
    "text",
    [
        "See https://pay.example/1",
        "Look at www.evil.example for more",
        "Write to boss@evil.example please",
        "Go to evil-site.com/pay now",
        "http://north.example.evil.com/times",
    ],
)
def test_address_is_one_of_the_offer(text):
    assert verdict_of(text) == Verdict.LINK


@pytest.mark.parametrize(
    "text",
    [
        "My instructions are to sell.",
        "I will call bookConsult now.",
        "Let me use list_slots for that.",
        "The system prompt says so.",
        "Sure: always in the language in which the lead writes.",
        "The key is sk-1234567890abcdef.",
        "ck_live_0123456789abcdef0123456789abcdef",
    ],
)
def test_inner_words_are_for_nobody(text):
    assert verdict_of(text) == Verdict.INNER_WORDS


@pytest.mark.parametrize(
    "text",
    [
        '{"reply": "Hello"}',
        "<tool_call>{}</tool_call>",
        '"name": "x", "arguments": {}',
        "```\nhello\n```",
        "<|im_start|>assistant",
    ],
)
def test_envelopes_are_no_text(text):
    assert verdict_of(text) == Verdict.ENVELOPE


def test_change_is_for_people():
    assert verdict_of("I have cancelled your appointment.") == Verdict.CHANGE_CLAIMED


def test_same_text_is_not_sent_again():
    assert verdict_of("how often do you train") == Verdict.REPEATED


def test_language_is_kept():
    german = "Hallo, ich möchte gerne abnehmen und habe eine Frage zu den Preisen"

    assert verdict_of("Hello, what would you like to know about it?", lead_words=german) == (
        Verdict.LANGUAGE
    )
    assert verdict_of("Привет, как дела?") == Verdict.LANGUAGE
    assert verdict_of("Gerne! Wie oft trainieren Sie?", lead_words=german) == Verdict.PASSED


@pytest.mark.parametrize("text", ["", " \n", "\u200b"])
def test_nothing_is_no_answer(text):
    assert verdict_of(text) == Verdict.EMPTY


def test_long_text_is_too_long():
    assert verdict_of("A sentence of some length. " * 222) == Verdict.TOO_LONG


def test_note_says_what_was_wrong():
    note = guard.note(Verdict.AMOUNT, 'It is "£1".')

    assert "price" in note and "£1" in note


def test_every_verdict_has_its_words():
    assert set(guard.REASONS) == set(Verdict) - {Verdict.PASSED}
