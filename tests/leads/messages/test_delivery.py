"""Status callbacks in every order, doubled and lost: the same end, and never backwards."""

import itertools
import uuid

import pytest

from coachbot.providers.twilio.events import StatusNews
from leads.messages import delivery
from leads.models import Message
from tests.factories import make_phone

ARRIVED = ("sent", "delivered", "read")


@pytest.fixture
def message(written):
    """A message of which Twilio will tell."""
    written.setup(telling="never")
    lead = written.submit(phone=make_phone("13"))
    return written.send(lead)[0]


def news(message, status, **fields):
    told = {"error_code": "", "error": "", "external_user_id": "", "message_id": message.pk}
    told |= {"sid": message.sid, "account_sid": "AC", "status": status}
    return StatusNews(**{**told, **fields})


def tell(written, message, *statuses, **fields):
    for status in statuses:
        delivery.apply(written.workspace, news(message, status, **fields))
    message.refresh_from_db()
    return message.status


@pytest.mark.parametrize("order", list(itertools.permutations(ARRIVED)))
def test_every_order_ends_the_same(written, message, order):
    assert tell(written, message, *order, *order) == "read"


@pytest.mark.parametrize(
    ("statuses", "end"),
    [
        (("queued",), "accepted"),
        (("sent", "queued"), "sent"),
        (("failed", "sent"), "failed"),
        (("sent", "undelivered"), "undelivered"),
        (("delivered", "failed"), "delivered"),
        (("failed", "delivered"), "delivered"),
        (("teleported",), "accepted"),
    ],
)
def test_a_status_never_goes_back(written, message, statuses, end):
    assert tell(written, message, *statuses) == end


def test_a_lead_was_written_to_once_a_message_went_out_and_was_not_lost(written, message):
    def first_contact():
        return written.workspace.leads.get().first_contact_at

    assert first_contact() == message.sent_at
    tell(written, message, "failed")
    assert first_contact() is None

    tell(written, message, "delivered")
    assert first_contact() == message.sent_at


def test_a_word_that_nobody_knows_is_kept(written, message):
    tell(written, message, "teleported", "teleported", "read")

    assert message.details["told"] == ["teleported"]


def test_a_callback_that_comes_before_the_answer_settles_the_message(written):
    lead = written.submit()
    [message] = written.messages(lead)
    Message.objects.filter(pk=message.pk).update(status="unknown", sid="")

    assert tell(written, message, "sent", sid="SM" + "1" * 32) == "sent"
    assert message.sid == "SM" + "1" * 32 and written.conversation(lead).message_count == 1


def test_a_callback_with_another_messages_id_changes_nothing(written, message):
    assert tell(written, message, "read", sid="SM" + "2" * 32) == "accepted"
    assert (
        tell(written, message, "read", message_id=uuid.uuid4(), sid="SM" + "3" * 32) == "accepted"
    )


def test_another_workspace_cannot_tell_of_it(written, written_web, sandbox, message):
    from tests.written import make_written

    other = make_written(sandbox, written_web)
    assert delivery.apply(other.workspace, news(message, "read")) is False

    message.refresh_from_db()
    assert message.status == "accepted"
