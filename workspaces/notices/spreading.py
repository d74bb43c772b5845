"""Working out who wants to know of what happened. Only workers do, soon after it was written down.

Who is a member then is told, by what they chose until then.
"""

from collections.abc import Iterator

from django.db import transaction
from django.db.models.functions import Now

from workspaces.models import (
    Membership,
    Notice,
    NoticeHook,
    NoticeWay,
    Telling,
)
from workspaces.notices import kinds, preferences

MOST_AT_ONCE = 500


def spread() -> int:
    """Make a telling of each new notice for everybody who wants it. Return how many notices."""
    new = Notice.objects.filter(spread_at=None).order_by("id")
    return sum(map(_spread, new[:MOST_AT_ONCE]))


@transaction.atomic(durable=True)
def _spread(notice: Notice) -> bool:
    mine = Notice.objects.filter(pk=notice.pk, spread_at=None)
    if not mine.update(spread_at=Now()):
        return False  # another worker did
    Telling.objects.bulk_create(_tellings(notice), ignore_conflicts=True)
    return True


def _tellings(notice: Notice) -> Iterator[Telling]:
    members = Membership.objects.filter(workspace=notice.workspace_id, user__is_active=True)
    for reader in preferences.readers_of(members):
        choice = preferences.chosen(reader)
        for way in (NoticeWay.MAIL, NoticeWay.DIGEST):
            if notice.kind in choice.kinds_by(way):
                yield Telling(notice=notice, way=way, reader=reader)
    hook = NoticeHook.objects.filter(workspace=notice.workspace_id, off_at=None).first()
    if hook and notice.kind in kinds.read(hook.kinds):
        yield Telling(notice=notice, way=NoticeWay.HOOK, hook=hook)
