"""Parts of an answer leave one after the other, and none without the one before."""

import pytest
from django.utils import timezone

from leads.messages import sending
from leads.models import Message, MessagePurpose, Turn
from tests.factories import make_phone


@pytest.fixture
def parts(written):
    """An answer in three parts to a lead that has written."""
    written.setup(telling="never")
    lead = written.submit(phone=make_phone("13"))
    written.send(lead)
    written.write(lead, "Hello")
    conversation = written.conversation(lead)
    turn = Turn.objects.create(conversation=conversation, stage="ready", through=lead.created_at)
    for number in range(3):
        sending.write(
            conversation,
            purpose=MessagePurpose.REPLY,
            body=f"Part {number}",
            turn=turn,
            part=number,
        )
    return lead, turn


def statuses(turn) -> list[str]:
    return list(turn.messages.order_by("part").values_list("status", flat=True))


def test_they_leave_in_order(written, parts):
    lead, turn = parts

    written.send(lead)

    assert [one.body for one in written.sent(lead)][1:] == ["Part 0", "Part 1", "Part 2"]
    assert statuses(turn) == ["accepted"] * 3


def test_while_one_is_unsettled_the_next_waits(written, parts):
    lead, turn = parts
    now = timezone.now()
    turn.messages.filter(part=0).update(status="unknown", sent_at=now)

    written.send(lead)
    assert statuses(turn) == ["unknown", "pending", "pending"]

    turn.messages.filter(part=0).update(status="sent")
    Message.objects.filter(turn=turn).update(look_at=now)
    written.send(lead)
    assert statuses(turn) == ["sent", "accepted", "accepted"]


def test_where_one_was_not_sent_the_rest_is_not_either(written, parts):
    lead, turn = parts
    turn.messages.filter(part=0).update(status="not_sent")

    written.send(lead)

    assert statuses(turn) == ["not_sent"] * 3


def test_outside_of_the_window_no_text_is_sent(written, parts):
    lead, turn = parts
    turn.conversation.__class__.objects.filter(lead=lead).update(window_until=timezone.now())

    written.send(lead)

    lead.refresh_from_db()
    first = turn.messages.get(part=0)
    assert (first.status, first.error_code) == ("not_sent", "window_closed")
    assert lead.status == "needs_human" and len(written.sent(lead)) == 1
