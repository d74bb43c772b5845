"""How often somebody is told, and how much goes into one message.

The first notice is told at once. What comes within the minute after it waits for that to end and
is told together; from then on it is five minutes, until there is some rest. So a hundred in a
minute are three messages at most, and one alone never waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from workspaces.models import Notice, NoticeHook, NoticeReader, Workspace
from workspaces.notices import kinds, words

SOON, LATER = timedelta(minutes=1), timedelta(minutes=5)
LONGEST_HEADLINE = 140
# Who may be told something now.
FREE = Q(quiet_until=None) | Q(quiet_until__lte=Now())


def after_message(row: NoticeReader | NoticeHook, now: datetime) -> dict[str, Any]:
    """Return what is to be noted of a reader or a channel that is told something now."""
    follows = row.quiet_until is not None and now < row.quiet_until + LATER
    in_row = row.in_row + 1 if follows else 1
    return {"in_row": in_row, "quiet_until": now + (SOON if in_row == 1 else LATER)}


@dataclass(frozen=True)
class Line:
    """One thing that happened, and where more of it is."""

    text: str
    link: str


@dataclass(frozen=True)
class Part:
    """What happened of one kind. more: how many are counted and not listed."""

    heading: str
    lines: list[Line]
    more: int


@dataclass(frozen=True)
class Message:
    """What is told together."""

    headline: str
    parts: list[Part]


def message(workspace: Workspace, notices: Sequence[Notice], *, most: int) -> Message:
    """Return what tells of some notices. most: of each kind so many are listed."""
    parts = [
        _part(workspace, kind, [notice for notice in notices if notice.kind == kind], most)
        for kind in kinds.in_order(notice.kind for notice in notices)
    ]
    told = [notices[0].text] if len(notices) == 1 else [part.heading for part in parts]
    return Message(words.cut(", ".join(told), LONGEST_HEADLINE), parts)


def _part(workspace: Workspace, kind: str, notices: list[Notice], most: int) -> Part:
    lines = [Line(notice.text, link(workspace, notice.path)) for notice in notices[:most]]
    heading = kinds.KINDS[kinds.NoticeKind(kind)].counted(len(notices))
    return Part(heading, lines, max(0, len(notices) - most))


def link(workspace: Workspace, path: str) -> str:
    """Return the whole address of a page of a workspace. path: below the workspace's own."""
    return settings.PUBLIC_BASE_URL + reverse("overview", args=[workspace.slug]) + path
