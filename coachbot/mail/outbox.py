"""The outbox: whoever has a mail to send writes it down here and goes on.

    outbox.send(to=user.email, subject="A lead has booked", text=text)

Nothing here waits for a mail server: a worker sends the row, again and again until it is taken
or not worth sending any more. What is written in a transaction is sent once that is committed.
"""

from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from coachbot.db import clock
from coachbot.db.batches import batches
from coachbot.mail import delivery, sealed
from coachbot.mail.models import Mail
from coachbot.work import engine

# After this long a mail is given up, whatever it says.
LONGEST = timedelta(days=1)
# How long the rows of mails that have ended tell that they did.
KEPT = timedelta(days=7)


def send(
    *,
    to: str,
    subject: str,
    text: str,
    lasts: timedelta = LONGEST,
    is_decoy: bool = False,
) -> None:
    """Have a mail sent to one address.

    lasts: how long it is worth sending, a day at most. is_decoy: it costs what any mail costs
    and is sent to nobody, so that the time of an answer does not tell whether there was somebody
    to write to. Raises ValueError where no mail can be made of it.
    """
    post(EmailMessage(subject, text, to=[to]), lasts=lasts, is_decoy=is_decoy)


def post(message: EmailMessage, *, lasts: timedelta = LONGEST, is_decoy: bool = False) -> None:
    """Have one of Django's mails sent, as send() does. ValueError also for one with attachments."""
    now = clock.now()
    row = Mail(lease_until=now, expires_at=now + min(lasts, LONGEST))
    # The same at each attempt, so that whoever gets a mail twice can see that it is one.
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname
    message.extra_headers = {"Message-ID": f"<{row.pk}@{host}>", **message.extra_headers}
    message.message()  # raises for what no mail can hold here, and not in the worker
    sealed.put(row, message, is_decoy=is_decoy)
    row.save(force_insert=True)
    transaction.on_commit(partial(engine.wake, delivery.deliver))


def forget_ended() -> None:
    """Delete the rows of mails that ended a week ago."""
    for batch in batches(Mail.objects.filter(ended_at__lt=clock.now() - KEPT)):
        Mail.objects.filter(pk__in=[row.pk for row in batch]).delete()


def oldest_waiting_seconds() -> float:
    """Return the age of the mail that has waited the longest, 0 without one."""
    return clock.seconds_since(sealed.waiting(), "created_at") or 0.0
