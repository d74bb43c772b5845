"""Sending what waits in the outbox. Only workers do.

Whoever sends a mail holds a lease on its row, and rests it after an attempt that failed. A worker
that is killed lets the lease run out, and the mail is another's: it comes at least once, and
twice only where a worker died, or lost the database, between the mail server's word and its own.
"""

import logging
import smtplib
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.db.models.functions import Now

from coachbot import backoff
from coachbot.db import leases
from coachbot.deadline import Deadline
from coachbot.mail import sealed
from coachbot.mail.models import Mail, State
from coachbot.sealing import CannotUnseal
from coachbot.work import engine

logger = logging.getLogger(__name__)

# Longer than the mail server is waited for (EMAIL_TIMEOUT).
LEASE = timedelta(seconds=30)
FIRST_REST, LONGEST_REST = timedelta(seconds=10), timedelta(hours=1)
# Threads of a worker that may send at once, so that a silent mail server keeps others free.
AT_ONCE = 4
# Seconds after which a thread begins no other mail: a worker that is told to stop waits for it.
LONGEST_RUN = 10
# Of mails that are due several threads look at the same ones; each claims its own.
LOOKED_AT = 20

_places = BoundedSemaphore(AT_ONCE)


@engine.task
def deliver() -> None:
    """Send what is due, one mail after the other. Where enough threads do so, leave it to them."""
    if not _places.acquire(blocking=False):
        return
    try:
        deadline = Deadline(LONGEST_RUN)
        while deadline.remaining() and _deliver_one():
            pass
    finally:
        _places.release()


def _deliver_one() -> bool:
    """Send one mail that is due. Return False if there was none."""
    for mail_id in list(leases.run_out(sealed.waiting()).values_list("pk", flat=True)[:LOOKED_AT]):
        rows = sealed.waiting().filter(pk=mail_id)
        if lease := leases.claim(rows, LEASE):
            _attempt(rows.get(), lease)
            return True
    return False


def _attempt(row: Mail, lease: datetime) -> None:
    """Send a mail that is ours, and note what came of it."""
    ours = leases.held(sealed.waiting().filter(pk=row.pk), lease)
    if row.expires_at <= lease - LEASE:
        return _give_up(row, ours, "it is not worth sending any more")
    # Counted before, as an attempt may end the process.
    ours.update(attempts=F("attempts") + 1)
    row.attempts += 1
    try:
        message = sealed.take(row)
        if message is None:
            ours.delete()
            return
        _send(message)
    except (CannotUnseal, ValueError) as error:
        return _give_up(row, ours, str(error))
    except OSError as error:  # of which SMTPException is a kind
        return _fail(row, ours, error)
    _end(ours, State.SENT)


def _send(message: EmailMessage) -> None:
    """Hand a mail to whom MAIL_BACKEND names. Raises OSError and ValueError."""
    get_connection(settings.MAIL_BACKEND).send_messages([message])


def _fail(row: Mail, ours, error: OSError) -> None:
    """Have a mail tried again after a rest, unless it would be too late then or is refused."""
    rest = backoff.pause(row.attempts - 1, first=FIRST_REST, longest=LONGEST_REST)
    again_at = leases.until(rest)
    if _is_final(error) or again_at >= row.expires_at:
        return _give_up(row, ours, _told(error))
    ours.update(lease_until=again_at)
    logger.warning(
        "Mail %s was not taken at attempt %s and is tried again in %d s: %s",
        *(row.pk, row.attempts, rest.total_seconds(), _told(error)),
    )


def _give_up(row: Mail, ours, why: str) -> None:
    _end(ours, State.GIVEN_UP)
    logger.error("Mail %s was given up after %s attempts: %s", row.pk, row.attempts, why)


def _end(ours, state: State) -> None:
    """Note how a mail ended, and keep no more of it than that."""
    ours.update(state=state, sealed="", ended_at=Now())


def _is_final(error: OSError) -> bool:
    """Tell whether the mail server will never take this mail, as it says of a wrong address.

    That it does not know us may be mended, so it is no reason to give up.
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            return all(code >= 500 for code, _ in error.recipients.values())
        case smtplib.SMTPDataError():
            return error.smtp_code >= 500
    return False


def _told(error: OSError) -> str:
    """Return what is said in the log. A mail server repeats addresses: these are masked there."""
    return f"{type(error).__name__}: {error}"[:300]
