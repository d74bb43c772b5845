"""Messages of which nobody can say whether they were sent: looked up, and not sent unseen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.providers.transport import Door
from coachbot.providers.twilio import client as twilio
from leads.messages import settling
from leads.models import Message
from tests.factories import make_phone
from tests.servers import wait_until

LOST = ("60", "61", "62", "63", "64", "65")


@pytest.fixture(autouse=True)
def short_patience(settings):
    settings.TWILIO_TIMEOUT = 1.5


def opened(written, digits, **settings):
    written.setup(list_lag=0, **settings)
    lead = written.submit(phone=make_phone(digits))
    written.send(lead)
    return lead


def look_up(message, *, age=timedelta(0)):
    """Do the worker's part for a message. age: how long ago it was begun, where that matters."""
    if age:
        Message.objects.filter(pk=message.pk).update(sent_at=timezone.now() - age)
    settling.settle.call_local(message.pk)
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("digits", LOST)
def test_a_lost_answer_is_settled_by_the_callback(written, digits):
    lead = opened(written, digits)

    wait_until(lambda: written.messages(lead)[0].status == "read", "the callback")
    assert written.messages(lead)[0].sid == written.sent(lead)[0].sid
    assert len(written.sent(lead)) == 1


@pytest.mark.parametrize("digits", LOST)
def test_without_callbacks_it_is_found_in_the_list(written, digits):
    lead = opened(written, digits, telling="never")
    [message] = written.messages(lead)
    assert message.status == "unknown"

    look_up(message)

    assert message.sid == written.sent(lead)[0].sid
    assert message.status in ("accepted", "sent", "delivered", "read")
    assert len(written.sent(lead)) == 1 and not message.may_be_double


@pytest.mark.parametrize("digits", ["50", "51", "52", "54"])
def test_what_is_not_in_the_list_is_tried_once_more_and_both_say_so(written, digits):
    lead = opened(written, digits)
    [message] = written.messages(lead)
    written.setup(outcome="13")

    assert look_up(message).status == "unknown"
    assert look_up(message, age=timedelta(seconds=60)).status == "not_sent"

    first, second = written.send(lead)
    assert (first.may_be_double, second.may_be_double) == (True, True)
    assert len(written.sent(lead)) == 1


def test_it_is_not_concluded_before_the_list_may_hold_it(written):
    lead = opened(written, "50")
    [message] = written.messages(lead)

    for _ in range(3):
        assert look_up(message).status == "unknown"

    assert len(written.messages(lead)) == 1


def test_after_a_second_attempt_a_person_looks(written):
    lead = opened(written, "50")
    for _ in range(2):
        message = written.messages(lead)[-1]
        look_up(message)
        look_up(message, age=timedelta(seconds=60))
        written.send(lead)

    lead.refresh_from_db()
    assert [m.status for m in written.messages(lead)] == ["not_sent", "not_sent"]
    assert (lead.status, lead.status_reason) == ("needs_human", "message_not_delivered")


def test_a_worker_that_died_while_sending_leaves_it_to_be_looked_up(written):
    lead = written.submit(phone=make_phone("77"))
    [message] = written.messages(lead)
    began = {"status": "sending", "sent_at": timezone.now(), "look_at": timezone.now()}
    Message.objects.filter(pk=message.pk).update(**began, lease_until=timezone.now())
    written.setup(list_lag=0)
    send_as_the_dead_one_did(written, lead)

    look_up(message)

    assert message.status in ("accepted", "sent", "delivered", "read")
    assert len(written.sent(lead)) == 1


def send_as_the_dead_one_did(written, lead):
    account = written.account
    twilio.send_template(
        Door(),
        account,
        to=f"whatsapp:{lead.phone}",
        content_sid=account.opener_content_sid,
        variables={"1": "Jane", "2": "Acme", "3": "x"},
        callback_url="",
        timeout=5,
    )


def test_while_twilio_cannot_be_asked_it_is_asked_less_often_and_then_a_person_looks(
    written, settings
):
    lead = opened(written, "50")
    [message] = written.messages(lead)
    settings.TWILIO_BASE_URL = "http://127.0.0.1:9"

    assert look_up(message).status == "unknown" and message.look_at > timezone.now()
    look_up(message, age=timedelta(minutes=16))

    lead.refresh_from_db()
    assert (message.status, message.error_code) == ("unknown", "nobody_knows")
    assert lead.status == "needs_human"


def test_a_conversation_that_has_moved_on_is_not_disturbed(written):
    lead = opened(written, "50")
    [message] = written.messages(lead)
    written.write(lead, "Hello?")

    look_up(message)
    look_up(message, age=timedelta(seconds=60))

    lead.refresh_from_db()
    assert message.status == "not_sent" and lead.status == "in_conversation"
    assert [m.author for m in written.messages(lead)] == ["agent", "lead"]
