"""The mail of the morning: what each member chose to hear once a day.

The last day that was done stands on the member's row and is written in the transaction that
writes the mail, so no day has two, whatever the clocks do that night, and none is left out.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from coachbot.db import clock
from workspaces.models import NoticeReader, NoticeWay, Workspace
from workspaces.notices import mail, preferences

# The first zone in which a day begins is so much ahead of UTC.
FURTHEST_AHEAD = timedelta(hours=14)
MOST_AT_ONCE = 500

# The figures of a workspace's day, in sentences.
Figures = Callable[[Workspace, date], Sequence[str]]


def send_due(figures: Figures, now: datetime | None = None) -> int:
    """Write the digests that are due into the outbox. Return how many.

    figures: asked for the day before. now: by the database's clock where it is left out.
    """
    now = now or clock.now()
    begun = (now + FURTHEST_AHEAD).date()
    readers = NoticeReader.objects.select_related("membership__workspace")
    open_days = readers.filter(digest_on__lt=begun).order_by("digest_on", "pk")
    due = [reader.pk for reader in open_days.iterator() if _day(reader, now) > reader.digest_on]
    return sum(_send(reader_id, figures, now) for reader_id in due[:MOST_AT_ONCE])


def _day(reader: NoticeReader, now: datetime) -> date:
    return preferences.day_done(reader.membership.workspace, reader.digest_hour, now)


@transaction.atomic(durable=True)
def _send(reader_id: int, figures: Figures, now: datetime) -> bool:
    """Do the day of one reader; without anything to tell it is done without a mail."""
    reader = mail.locked(reader_id)
    if reader is None or (day := _day(reader, now)) <= reader.digest_on:
        return False
    NoticeReader.objects.filter(pk=reader_id).update(digest_on=day)
    tellings = mail.wanted(reader, NoticeWay.DIGEST)
    if not tellings:
        return False
    yesterday = figures(reader.membership.workspace, day - timedelta(days=1))
    return mail.post(reader, NoticeWay.DIGEST, tellings, yesterday)
