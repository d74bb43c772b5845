"""A second attempt at a message that was not sent, or that nobody saw: a row of its own."""

from datetime import timedelta

from coachbot.db import clock
from leads.models import Message, MessageStatus

# So many attempts after the first, and of those that may come twice.
MOST, MOST_DOUBLE = 2, 1


def write(message: Message, *, after: timedelta, may_be_double: bool = False) -> Message | None:
    """Write a message down again, to be sent after a while. In the transaction that settles it.

    None where it was tried often enough. Ask has_moved_on() before. may_be_double: the first one
    may have arrived too, and both say so.
    """
    attempt = int(message.details.get("attempt", 0)) + 1
    if attempt > (MOST_DOUBLE if may_be_double else MOST):
        return None
    if may_be_double:
        Message.objects.filter(pk=message.pk).update(may_be_double=True)
    details = {name: told for name, told in message.details.items() if name != "looks"}
    return Message.objects.create(
        workspace_id=message.workspace_id,
        conversation=message.conversation,
        author=message.author,
        kind=message.kind,
        purpose=message.purpose,
        status=MessageStatus.PENDING,
        body=message.body,
        details={**details, "attempt": attempt},
        may_be_double=may_be_double,
        turn_id=message.turn_id,
        part=message.part,
        member_id=message.member_id,
        # In the place of the first one: what was to follow that follows this.
        created_at=message.created_at + timedelta(microseconds=1),
        look_at=clock.now() + after,
    )


def has_moved_on(message: Message) -> bool:
    """Return whether somebody wrote after a message, so that it would come too late."""
    later = Message.objects.filter(
        conversation=message.conversation_id, created_at__gt=message.created_at
    )
    others = later.exclude(status=MessageStatus.NOT_SENT)
    if message.turn_id:  # the other parts of an answer wait for this one
        others = others.exclude(turn=message.turn_id)
    return bool(others.exists())
