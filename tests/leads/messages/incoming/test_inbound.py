"""What leads write: each message once, with its lead, and looked at when it is quiet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone

from leads.models import Conversation, Message, Turn
from tests.factories import make_lead, make_phone
from tests.servers import wait_until

A_SECOND = timedelta(seconds=1)


@pytest.fixture
def lead(written):
    """A lead that was written to."""
    lead = written.submit(phone=make_phone("13"))
    written.send(lead)
    return lead


def inbound_of(written, lead):
    return [message for message in written.messages(lead) if message.author == "lead"]


def test_first_message_reaches_the_lead_and_opens_the_window(written, lead):
    began = timezone.now()

    written.write(lead, "Hello, yes please")

    lead.refresh_from_db()
    conversation = written.conversation(lead)
    assert (lead.status, lead.status_reason) == ("in_conversation", "reached")
    a_day = conversation.window_until - began
    assert timedelta(hours=23, minutes=54) < a_day < timedelta(hours=23, minutes=56)
    assert conversation.address == f"whatsapp:{lead.phone}" and conversation.external_user_id
    assert conversation.message_count == 2


def test_it_is_looked_at_four_seconds_after_the_last_and_fifteen_after_the_first(written, lead):
    written.write(lead, "One")
    first = written.conversation(lead)
    assert abs(first.due_at - first.waiting_since - 4 * A_SECOND) < 2 * A_SECOND
    Conversation.objects.filter(lead=lead).update(waiting_since=timezone.now() - 13 * A_SECOND)

    written.write(lead, "Two")

    second = written.conversation(lead)
    assert abs(second.due_at - second.waiting_since - 15 * A_SECOND) < A_SECOND


@pytest.mark.parametrize(
    ("shape", "body", "kind", "unreadable"),
    [
        ("voice", "", "audio", 1),
        ("picture", "Look", "image", 0),
        ("picture", "", "image", 1),
        ("contact", "", "contacts", 1),
        ("location", "", "location", 0),
        ("button", "", "button", 0),
        ("unknown", "", "unknown", 1),
    ],
)
def test_each_kind_is_stored_as_what_it_is(written, lead, shape, body, kind, unreadable):
    written.write(lead, body, shape=shape)

    [message] = inbound_of(written, lead)
    assert message.kind == kind
    assert written.conversation(lead).unreadable_count == unreadable


@pytest.mark.parametrize("body", ["", "😀" * 1600, "a\x00b", "x" * 1600])
def test_odd_texts_are_stored(written, lead, body):
    written.write(lead, body)

    [message] = inbound_of(written, lead)
    assert message.body == body.replace("\x00", "\ufffd")


def test_the_same_message_at_the_same_moment_is_stored_once(written, lead):
    written.write(lead, "Hello", times=5)

    assert len(inbound_of(written, lead)) == 1


def test_a_burst_of_many_at_once_is_stored_whole(written, lead):
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda n: written.write(lead, f"Message {n}"), range(5)))

    bodies = sorted(message.body for message in inbound_of(written, lead))
    assert bodies == [f"Message {n}" for n in range(5)]
    assert written.conversation(lead).message_count == 6


def test_sender_without_a_number_is_known_by_what_a_callback_told(written, lead):
    wait_until(lambda: written.conversation(lead).external_user_id, "the callback with its id")

    written.write(lead, "Hello", hides_number=True)

    conversation = written.conversation(lead)
    assert [m.body for m in inbound_of(written, lead)] == ["Hello"]
    assert conversation.address == conversation.external_user_id


def test_number_in_another_spelling_finds_the_lead(written):
    lead = make_lead(written.workspace, phone="+5511987654321")

    written.twilio.write(written.account.account_sid, "+551187654321", "Olá")

    assert [m.body for m in inbound_of(written, lead)] == ["Olá"]


def test_unknown_sender_is_kept_and_nobody_answers(written):
    written.twilio.write(written.account.account_sid, "+447700900999", "Who are you?")

    message = Message.objects.get(workspace=written.workspace)
    assert message.conversation is None
    assert (message.sender, message.body) == ("whatsapp:+447700900999", "Who are you?")


@pytest.mark.parametrize(
    "fields", [{"closed_as": "won", "closed_at": timezone.now()}, {"owner": True}]
)
def test_with_a_person_it_is_stored_and_no_turn_is_due(written, lead, fields):
    from tests.factories import make_user

    if "owner" in fields:
        fields = {"owner": make_user(written.workspace).memberships.get()}
    type(lead).objects.filter(pk=lead.pk).update(**fields)

    written.write(lead, "Hello?")

    conversation = written.conversation(lead)
    assert len(inbound_of(written, lead)) == 1
    assert conversation.due_at is None and conversation.waiting_since is not None


def test_a_lead_that_answers_is_not_followed_any_more(written, lead):
    from leads.contact.planned import steps

    steps.plan(lead, "attempt", timezone.now() + timedelta(hours=1))

    written.write(lead, "Here I am")

    assert not lead.steps.planned().exists()


def test_a_lead_is_reached_when_it_writes_first(written, lead):
    written.write(lead, "Here I am")
    written.write(lead, "Hello?")

    lead.refresh_from_db()
    assert lead.reached_at == inbound_of(written, lead)[0].created_at


def test_other_workspaces_see_nothing(written, lead, written_web, sandbox):
    from tests.written import make_written

    other = make_written(sandbox, written_web)
    twin = make_lead(other.workspace, phone=lead.phone)

    written.write(lead, "Hello")

    assert inbound_of(other, twin) == [] and len(inbound_of(written, lead)) == 1


def test_turns_are_none_of_what_comes_in(written, lead):
    written.write(lead, "Hello")

    assert not Turn.objects.filter(conversation__lead=lead).exists()
