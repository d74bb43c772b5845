"""Writing down what people are to be told of: the only writer of Notice.

It is called beside what it tells of, in the same transaction: either both are there or neither.
It writes one row and asks nobody, so no request waits for whoever is told.
"""

import uuid
from datetime import date, datetime, timedelta

from django.utils import timezone

from coachbot.db.batches import batches
from workspaces.models import Notice, NoticeKind
from workspaces.notices import words

# Longer than anybody waits for a digest.
KEPT = timedelta(days=14)


def tell(
    workspace_id: int,
    kind: NoticeKind,
    *,
    state: str,
    text: str,
    path: str = "",
    lead_id: uuid.UUID | None = None,
) -> None:
    """Have the people of a workspace told of something, once for each state.

    state: what tells this from the next one of its kind; a second notice of it is not written.
    text: a sentence, cleaned here. path: where more of it is, below the workspace's address.
    lead_id: whom it is about; it goes when that lead is erased.
    """
    row = Notice(
        workspace_id=workspace_id,
        kind=kind,
        state=state,
        text=words.sentence(text),
        path=path,
        lead_id=lead_id,
    )
    Notice.objects.bulk_create([row], ignore_conflicts=True)


def endpoint_off(workspace_id: int, *, endpoint: str, text: str, at: datetime, path: str) -> None:
    """Tell that nothing is sent to an address of the workspace any more.

    endpoint: which it is, for the state. text: why, by what its owner knows it by and never by the
    address itself, which may be a secret. at: when it was switched off.
    """
    tell(
        workspace_id,
        NoticeKind.ENDPOINT_OFF,
        state=f"{endpoint}:{at.isoformat()}",
        text=text,
        path=path,
    )


def limit_near(workspace_id: int, *, what: str, used: int, most: int, on: date) -> None:
    """Tell, once a day, that most of a day's limit is used. what: `calls`, for example."""
    tell(
        workspace_id,
        NoticeKind.LIMIT_NEAR,
        state=f"{what}:{on.isoformat()}",
        text=f"{used} of {most} {what} of the day are used. The day begins anew at midnight UTC.",
        path="settings/limits",
    )


def forget_lead(workspace_id: int, lead_id: uuid.UUID) -> None:
    """Delete what was told of a lead, and what waits to be told."""
    Notice.objects.filter(workspace=workspace_id, lead_id=lead_id).delete()


def forget_old() -> None:
    """Delete notices of two weeks ago, and with them who was told of them."""
    for batch in batches(Notice.objects.filter(created_at__lt=timezone.now() - KEPT)):
        Notice.objects.filter(pk__in=[row.pk for row in batch]).delete()
