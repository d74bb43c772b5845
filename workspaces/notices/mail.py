"""Mails of notices: at once, grouped, to each member who wants them.

What is told is marked in the transaction that writes the mail into the outbox, with the reader
locked: so each notice is in one mail, and the outbox sees to it that the mail arrives.
"""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.template.loader import render_to_string

from coachbot.db import clock
from coachbot.mail import outbox
from coachbot.visible import without_turning
from workspaces.models import NoticeReader, NoticeWay, Telling, Workspace
from workspaces.notices import grouping, preferences, unsubscribe, words
from workspaces.notices.kinds import in_order

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 200
MOST_LISTED = 10
LONGEST_NAME = 60
# RFC 3834, and RFC 8058 beside the link.
HEADERS = {
    "Auto-Submitted": "auto-generated",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}


def send_due() -> int:
    """Write the mails that are due into the outbox. Return how many."""
    waiting = Telling.objects.waiting().filter(way=NoticeWay.MAIL, reader=OuterRef("pk"))
    due = NoticeReader.objects.filter(grouping.FREE, Exists(waiting))
    return sum(map(_send, list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])))


@transaction.atomic(durable=True)
def _send(reader_id: int) -> bool:
    reader = locked(reader_id)
    if reader is None or not NoticeReader.objects.filter(grouping.FREE, pk=reader_id).exists():
        return False
    tellings = wanted(reader, NoticeWay.MAIL)
    is_sent = bool(tellings) and post(reader, NoticeWay.MAIL, tellings)
    if is_sent:
        noted = grouping.after_message(reader, clock.now())
        NoticeReader.objects.filter(pk=reader_id).update(**noted)
    return is_sent


def locked(reader_id: int) -> NoticeReader | None:
    """Return a reader, locked until the transaction ends; None where they are no member now."""
    readers = NoticeReader.objects.select_related("membership__user", "membership__workspace")
    return readers.select_for_update(of=("self",)).filter(pk=reader_id).first()


def wanted(reader: NoticeReader, way: NoticeWay) -> list[Telling]:
    """Return what a reader is to be told by a way, the oldest first, and mark all of it as told.

    What they do not want any more by now is not among it.
    """
    rows = Telling.objects.waiting().filter(reader=reader, way=way)
    waiting = list(rows.select_related("notice").order_by("notice_id"))
    Telling.objects.filter(pk__in=[telling.pk for telling in waiting]).update(told_at=Now())
    kinds = preferences.chosen(reader).kinds_by(way)
    is_able = reader.membership.user.is_active
    return [telling for telling in waiting if is_able and telling.notice.kind in kinds]


def post(
    reader: NoticeReader, way: NoticeWay, tellings: Sequence[Telling], figures: Sequence[str] = ()
) -> bool:
    """Write one mail that tells of some notices. Return False where none can be made of it."""
    workspace = reader.membership.workspace
    notices = [telling.notice for telling in tellings]
    told = grouping.message(workspace, notices, most=MOST_LISTED)
    ended = tuple(in_order(notice.kind for notice in notices)) if way == NoticeWay.MAIL else ()
    stop = unsubscribe.link(reader, way, ended)
    message = EmailMessage(
        subject_of(workspace, way, told.headline),
        _text(reader, {"told": told, "figures": figures, "stop": stop}),
        to=[reader.membership.user.email],
        headers={**HEADERS, "List-Unsubscribe": f"<{stop}>"},
    )
    try:
        outbox.post(message)
    except ValueError as error:
        logger.warning("No mail can be written to member %s: %s", reader.membership_id, error)
        return False
    return True


def _text(reader: NoticeReader, said: dict[str, Any]) -> str:
    """Return the text of a mail. said: what is told, and how to end such mails."""
    workspace = reader.membership.workspace
    context = {
        **said,
        "workspace": name_of(workspace),
        "address": reader.membership.user.email,
        "overview": grouping.link(workspace, ""),
        "choose": grouping.link(workspace, "notices"),
        "stop_all": unsubscribe.link(reader, unsubscribe.EVERYTHING),
    }
    return render_to_string("workspaces/notices/mail.txt", context)


def subject_of(workspace: Workspace, way: NoticeWay, headline: str) -> str:
    """Return a subject; neither a lead nor a member can begin another header with it."""
    begin = f"{name_of(workspace)} this morning: " if way == NoticeWay.DIGEST else ""
    end = "" if begin else f" ({name_of(workspace)})"
    return words.one_line(f"{begin}{headline}{end}")


def name_of(workspace: Workspace) -> str:
    """Return the name of a workspace, on one line."""
    return words.cut(without_turning(workspace.name), LONGEST_NAME)
