"""A turn: what a lead wrote in one go is answered once."""

from datetime import timedelta

from django.utils import timezone

from leads.messages.turns import claims
from leads.models import Conversation


def test_lead_is_answered(chat):
    answer = chat.says("Hello, I want to lose weight.")

    [turn] = chat.turns()
    assert "How often do you train" in answer
    assert (turn.stage, turn.rounds) == ("done", 2)
    assert turn.tokens > 0
    assert [one.body for one in chat.sent()] == [answer]
    assert chat.conversation.due_at is None and chat.conversation.waiting_since is None


def test_burst_is_answered_once(chat):
    for text in ("Hello", "I want to lose weight", "before summer"):
        chat.writes(text)

    chat.works()
    chat.works()

    assert len(chat.turns()) == len(chat.sent()) == 1
    asked = chat.asked[0]["messages"]
    said = [m["content"] for m in asked if m["role"] == "user"]
    assert said == ["Hello", "I want to lose weight", "before summer"]


def test_lead_books(chat):
    calendar = chat.connect_calendar()
    chat.says("Hello, I want to lose weight.")
    chat.says("Twice a week, mornings suit me.")

    answer = chat.says("The first one, please. I am jane@acme.com.")

    assert answer.startswith("Booked for")
    assert chat.status() == ("booked", "appointment_made")
    [booked] = chat.sandbox.providers["calcom"].calendar.booked(calendar.api_key)
    assert booked.body["attendees"][0]["email"] == "jane@acme.com"


def test_answer_names_what_is_so_now(chat):
    chat.says("Hello")

    system = chat.asked[0]["messages"][0]["content"]
    assert "No calendar is connected" in system
    assert '"name": "Jane Doe"' in system and '"goal": "Lose weight"' in system
    assert "Test Studio" in system


def test_what_is_not_due_is_left(chat):
    chat.writes("Hello")
    later = timezone.now() + timedelta(minutes=1)
    Conversation.objects.filter(lead=chat.lead).update(due_at=later)

    assert chat.conversation.pk not in [c.conversation_id for c in claims.for_waking(500)]
