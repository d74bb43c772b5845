"""Links that end mails without a sign-in: RFC 8058, and the same for people.

A link names a member and what it ends, and is signed. It works for as long as SECRET_KEY is the
same: people open old mails. It opens nothing else and tells nothing of the workspace.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from workspaces.models import NoticeKind, NoticeReader, NoticeWay
from workspaces.notices import kinds, preferences

SALT = "workspaces.notices.unsubscribe"
EVERYTHING = ""


class BadLink(ValueError):
    """A link that was not made here, or not whole."""


@dataclass(frozen=True)
class Ending:
    """What a link ends. way: of mail, EVERYTHING for both. kinds: of which no more is told.

    reader: whose mails they are; None where they are no member any more, and so get none.
    """

    reader: NoticeReader | None
    way: str
    kinds: tuple[NoticeKind, ...]

    @property
    def labels(self) -> list[str]:
        """Return what is ended, in words."""
        if self.way == EVERYTHING:
            return ["Everything: mails at once and in the morning"]
        if self.way == NoticeWay.DIGEST:
            return ["The mail in the morning"]
        return [kind.label for kind in self.kinds]


def link(reader: NoticeReader, way: str, ended: tuple[NoticeKind, ...] = ()) -> str:
    """Return the address that ends mails to a reader. ended: of a way, these kinds alone."""
    content = [reader.membership_id, way, kinds.written(ended)]
    token = signing.dumps(content, salt=SALT)
    return settings.PUBLIC_BASE_URL + reverse("stop_notices", args=[token])


def read(token: str) -> Ending:
    """Return what a link ends. Raises BadLink."""
    try:
        membership_id, way, ended = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise BadLink from error
    readers = NoticeReader.objects.select_related("membership__user", "membership__workspace")
    return Ending(readers.filter(membership=membership_id).first(), way, kinds.read(ended))


def end(ending: Ending) -> None:
    """Do what a link says; doing it again changes nothing."""
    if ending.reader is None:
        return
    ways = [ending.way] if ending.way else [NoticeWay.MAIL, NoticeWay.DIGEST]
    for way in ways:
        ending.reader.refresh_from_db()
        preferences.stop(ending.reader, way, ending.kinds or tuple(NoticeKind))
