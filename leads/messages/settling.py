"""Finding out what became of messages of which nobody can say whether they were sent.

A status callback settles most: it carries our id. What it does not settle is looked for in Twilio's
list. A message that is not seen there twice, long enough after it was begun, was not sent; then it
is tried once more, where the conversation has not moved on, and both say that they may be double.
"""

import logging
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from coachbot.db import clock, leases
from coachbot.providers import ProviderError
from coachbot.providers.transport import Door
from coachbot.providers.twilio import client as twilio
from coachbot.providers.twilio.asking import Account
from coachbot.work import engine
from leads.messages import addresses, sending
from leads.messages.results import again, consequences, faults, outcomes
from leads.models import UNSETTLED, Message, MessageKind, MessageStatus
from workspaces.connections import credentials
from workspaces.log import exchanges

logger = logging.getLogger(__name__)

S = MessageStatus
AT_ONCE = 200
LEASE = timedelta(seconds=4 * settings.TWILIO_TIMEOUT)
# How long a wake-up may wait for a thread before another is sent.
WAITING = timedelta(seconds=10)
# Twilio's list may lag; a message that is not in it so long after it was begun was not sent.
CONCLUSIVE_AFTER = timedelta(seconds=settings.TWILIO_LISTING_LAG)
LEAST_LOOKS = 2
BETWEEN_LOOKS = timedelta(seconds=5)
# Twilio cannot be asked: it is tried less often, and after so long a person has to look.
LONG_PAUSE = timedelta(minutes=1)
GIVE_UP_AFTER = timedelta(minutes=15)
# Twilio's clock and ours may differ by so much, beside its moments being whole seconds.
SKEW = timedelta(seconds=5)
MOST_PAGES = 4
ASKED_ABOUT = (S.SENDING, S.UNKNOWN, S.ACCEPTED, S.SENT)


def wake_due() -> int:
    """Have what is pending sent, and what is unsettled looked up, by some thread of some worker.

    Return how many messages were due.
    """
    rows = Message.objects.filter(look_at__lte=Now())
    due = leases.run_out(rows).order_by("look_at")
    found = list(due.values_list("pk", "conversation_id", "status")[:AT_ONCE])
    to_send = set()
    for message_id, conversation_id, status in found:
        is_pending = status == S.PENDING
        one = rows.filter(pk=message_id, status__in=(S.PENDING,) if is_pending else ASKED_ABOUT)
        if not leases.claim(one, WAITING if is_pending else LEASE):
            continue
        if is_pending:
            to_send.add(conversation_id)
        else:
            engine.wake(settle, message_id)
    for conversation_id in to_send:
        engine.wake(sending.send_of, conversation_id)
    return len(found)


@engine.task
def settle(message_id: uuid.UUID) -> None:
    """Find out what became of a message whose lease is ours."""
    if not clock.is_right():
        return
    Message.objects.filter(pk=message_id, status=S.SENDING).update(status=S.UNKNOWN)
    found = Message.objects.select_related("conversation__lead__workspace").filter(pk=message_id)
    message = found.filter(status__in=ASKED_ABOUT).first()
    if message is None:
        return
    try:
        listed = _look_up(message)
    except (credentials.NotConnected, credentials.CannotUnseal, ProviderError) as error:
        logger.info("What became of message %s is not known yet: %s", message.pk, error)
        _put_off(message)
        return
    if listed:
        _learn(message, listed)
    elif message.status == S.UNKNOWN:
        _note_unseen(message)
    else:
        Message.objects.filter(pk=message.pk).update(look_at=None, lease_until=None)


def _learn(message: Message, listed: twilio.Listed) -> None:
    known = outcomes.WORDS.get(listed.status, S.ACCEPTED)
    rows = Message.objects.filter(pk=message.pk)
    rows.update(look_at=None, lease_until=None)
    outcomes.learn(message.pk, known, sid=listed.sid, code=listed.error_code)


def _look_up(message: Message) -> twilio.Listed | None:
    """Return what Twilio holds of a message, None where it lists none. Raises ProviderError."""
    account = credentials.twilio_account(message.workspace_id)
    door = exchanges.door(message.workspace_id, lead_id=message.thread.lead_id)
    if message.sid:
        return twilio.fetch_message(door, account, message.sid, timeout=settings.TWILIO_TIMEOUT)
    since = _begun(message) - SKEW
    for day in (since.date(), None):  # a message that waits at Twilio has no day yet
        for listed in _listed(door, account, message, since=day):
            if _is(listed, message) and not _is_known(listed, message):
                return listed
    return None


def _listed(
    door: Door, account: Account, message: Message, *, since: date | None
) -> Iterator[twilio.Listed]:
    """Yield what Twilio lists of messages to the lead, newest first, as far as it may be ours."""
    url = ""
    for _ in range(MOST_PAGES):
        page = twilio.list_messages(
            door,
            account,
            to=addresses.of(message.thread),
            since=since,
            page_url=url,
            timeout=settings.TWILIO_TIMEOUT,
        )
        yield from page.messages
        oldest = min((m.created_at for m in page.messages if m.created_at), default=None)
        url = page.next_url
        if not url or (oldest and oldest < _begun(message) - SKEW):
            return


def _begun(message: Message) -> datetime:
    """Return when a message was begun to be sent."""
    return message.sent_at or message.created_at


def _is(listed: twilio.Listed, message: Message) -> bool:
    """Return whether a message of Twilio's list is the one that we began to send."""
    at = listed.created_at
    begun, last = _begun(message) - SKEW, _begun(message) + sending.LEASE + SKEW
    if not listed.direction.startswith("outbound") or at is None or not begun <= at <= last:
        return False
    return message.kind == MessageKind.TEMPLATE or listed.body.strip() == message.body.strip()


def _is_known(listed: twilio.Listed, message: Message) -> bool:
    others = Message.objects.filter(workspace=message.workspace_id, sid=listed.sid)
    return bool(others.exclude(pk=message.pk).exists())


def _put_off(message: Message) -> None:
    """Ask again later; where that was in vain for long, a person has to look."""
    rows = Message.objects.filter(pk=message.pk)
    if message.status != S.UNKNOWN:  # it was sent, and how far it got is no matter of minutes
        rows.update(look_at=Now() + outcomes.ASK_AFTER, lease_until=None)
        return
    is_old = rows.filter(status=S.UNKNOWN, sent_at__lte=Now() - GIVE_UP_AFTER).exists()
    if is_old:
        _give_up(message)
    rows.update(look_at=None if is_old else Now() + LONG_PAUSE, lease_until=None)


@transaction.atomic
def _give_up(message: Message) -> None:
    now = outcomes.locked(message.pk, S.UNKNOWN)
    if now:
        failure = faults.NOBODY_KNOWS
        rows = Message.objects.filter(pk=now.pk)
        rows.update(error_code=failure.code, error=failure.words)
        consequences.to_person(now.thread.lead, failure.words)


@transaction.atomic(durable=True)
def _note_unseen(message: Message) -> None:
    """Look again soon; or conclude that a message was not sent."""
    now = outcomes.locked(message.pk, S.UNKNOWN)
    if now is None:
        return
    looks = int(now.details.get("looks", 0)) + 1
    rows = Message.objects.filter(pk=now.pk)
    is_conclusive = rows.filter(sent_at__lte=Now() - CONCLUSIVE_AFTER).exists()
    if looks < LEAST_LOOKS or not is_conclusive:
        details = {**now.details, "looks": looks}
        rows.update(details=details, look_at=Now() + BETWEEN_LOOKS, lease_until=None)
        return
    _conclude(now)


def _conclude(message: Message) -> None:
    """Write that a message was not sent; and try once more, unless somebody wrote after it."""
    if again.has_moved_on(message):
        outcomes.write_unsent(message, faults.NOT_SEEN)
    elif again.write(message, after=timedelta(0), may_be_double=True):
        outcomes.write_unsent(message, faults.NOT_SEEN, keeps_place=True)
        sending.soon(message.thread.pk)
    else:
        outcomes.fail(message, faults.NOT_SEEN)


def oldest_unsettled_seconds() -> float:
    """Return the age of the oldest message that is not settled, 0 without one."""
    rows = Message.objects.filter(look_at__isnull=False, status__in=UNSETTLED)
    return clock.seconds_since(rows, "created_at") or 0.0
