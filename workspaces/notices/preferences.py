"""What each member wants to know, and how."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from coachbot import zones
from coachbot.db import clock
from workspaces.models import Membership, NoticeKind, NoticeReader, NoticeWay, Workspace
from workspaces.notices import kinds

FIRST_HOUR = 8


@dataclass(frozen=True)
class Choice:
    """The kinds that a member is told of at once and in the morning, and at which hour that is."""

    by_mail: tuple[NoticeKind, ...]
    in_digest: tuple[NoticeKind, ...]
    digest_hour: int = FIRST_HOUR

    def kinds_by(self, way: str) -> tuple[NoticeKind, ...]:
        """Return the kinds that are told by a way of mail."""
        return self.by_mail if way == NoticeWay.MAIL else self.in_digest


def chosen(reader: NoticeReader) -> Choice:
    """Return what a reader is told: what they chose, or what their role is told by default."""
    if reader.is_default:
        by_mail, in_digest = kinds.by_default(reader.membership.role)
        return Choice(tuple(by_mail), tuple(in_digest), reader.digest_hour)
    return Choice(kinds.read(reader.by_mail), kinds.read(reader.in_digest), reader.digest_hour)


def choose(membership: Membership, choice: Choice) -> None:
    """Write down what a member wants."""
    reader = reader_of(membership)
    NoticeReader.objects.filter(pk=reader.pk).update(
        is_default=False,
        by_mail=kinds.written(choice.by_mail),
        in_digest=kinds.written(choice.in_digest),
        digest_hour=choice.digest_hour,
    )


def stop(reader: NoticeReader, way: str, unwanted: Collection[str]) -> None:
    """Tell a reader no more of some kinds by a way of mail. What waits is not sent either."""
    now = chosen(reader)
    column = "by_mail" if way == NoticeWay.MAIL else "in_digest"
    left = [kind for kind in now.kinds_by(way) if kind not in unwanted]
    columns = {"by_mail": now.by_mail, "in_digest": now.in_digest, column: left}
    NoticeReader.objects.filter(pk=reader.pk).update(
        is_default=False, **{name: kinds.written(kept) for name, kept in columns.items()}
    )


def reader_of(membership: Membership) -> NoticeReader:
    """Return the row of a member, made where there is none."""
    return readers_of(Membership.objects.filter(pk=membership.pk))[0]


def readers_of(memberships: QuerySet[Membership]) -> list[NoticeReader]:
    """Return the rows of members, made where there are none."""
    missing = memberships.filter(notice_reader=None).select_related("workspace")
    now = clock.now()
    NoticeReader.objects.bulk_create(
        [_new_reader(membership, now) for membership in missing], ignore_conflicts=True
    )
    readers = NoticeReader.objects.filter(membership__in=memberships)
    return list(readers.select_related("membership__user", "membership__workspace"))


def _new_reader(membership: Membership, now: datetime) -> NoticeReader:
    """Return the row of a member whose first digest comes with the next morning."""
    done = day_done(membership.workspace, FIRST_HOUR, now)
    return NoticeReader(membership=membership, digest_hour=FIRST_HOUR, digest_on=done)


def day_done(workspace: Workspace, hour: int, now: datetime) -> date:
    """Return the last day, in the workspace's zone, whose digest is due by a moment.

    A day's is due from its hour on, by the clock on the wall: where that hour is left out in
    spring, from the next one on; where it comes twice in autumn, from the first one on.
    """
    local = now.astimezone(zone_of(workspace))
    return local.date() if local.hour >= hour else local.date() - timedelta(days=1)


def zone_of(workspace: Workspace) -> ZoneInfo:
    """Return the zone of a workspace; UTC where the stored one is known no more."""
    return zones.read(workspace.zone_name) or ZoneInfo("UTC")
