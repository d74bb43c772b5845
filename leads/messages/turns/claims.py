"""The right to work at a conversation: one worker at a time, and only the last one writes.

The fence counts the claims. A worker that was taken for dead finds another number there, and
nothing that it still wants to write is written.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from coachbot.db import leases
from coachbot.work import kept as work
from leads.models import Conversation, Lead

# How long a conversation rests whose worker was killed. It is renewed while one works at it.
LEASE = timedelta(seconds=30)
RENEWED_EVERY, LONGEST_RUN = 8.0, 240.0
# How long a wake-up may wait for a thread before another is sent.
WAITING = timedelta(seconds=10)


class Lost(Exception):
    """The conversation is another worker's by now, or is gone."""


@dataclass(frozen=True)
class Claim:
    """One claim of a conversation. fence: its number."""

    conversation_id: uuid.UUID
    fence: int

    @property
    def rows(self) -> QuerySet[Conversation]:
        """Return the conversation, while it is ours."""
        return Conversation.objects.filter(pk=self.conversation_id, fence=self.fence)


def for_waking(most: int) -> list[Claim]:
    """Claim the conversations in which something is due for as long as a wake-up may take; those
    that have waited the longest.
    """
    due = Conversation.objects.filter(due_at__lte=Now())
    ids = list(leases.run_out(due).order_by("due_at").values_list("pk", flat=True)[:most])
    rows = Conversation.objects.filter(pk__in=ids)
    # Whoever claims at the same microsecond has other rows; a fence that two find is one's alone.
    lease = leases.claim(rows.filter(due_at__lte=Now()), WAITING, fence=F("fence") + 1)
    found = leases.held(rows, lease).order_by("due_at").values_list("pk", "fence") if lease else ()
    return [Claim(*each) for each in found]


def take(waking: Claim) -> Claim | None:
    """Claim a conversation for which we were woken; None for a wake-up that came late or twice."""
    if not waking.rows.update(lease_until=Now() + LEASE, fence=F("fence") + 1):
        return None
    return Claim(waking.conversation_id, waking.fence + 1)


def keep(claim: Claim) -> None:
    """Extend a claim by its full length. Raises Lost."""
    if not _renew(claim):
        raise Lost


def _renew(claim: Claim) -> bool:
    return bool(claim.rows.update(lease_until=Now() + LEASE))


@contextmanager
def kept(claim: Claim) -> Iterator[None]:
    """Have a claim renewed by the worker while the body runs, however long one wait in it is."""
    with work.keeping(partial(_renew, claim), every=RENEWED_EVERY, longest=LONGEST_RUN):
        yield


@contextmanager
def writing(claim: Claim) -> Iterator[None]:
    """A transaction in which the claim is held to its end. Raises Lost, and then writes nothing.

    The lead's row is locked first, as whoever takes in a message or erases a lead locks it.
    """
    with transaction.atomic(durable=True):
        of_claim = Lead.objects.filter(conversations=claim.conversation_id)
        of_claim.select_for_update(of=("self",)).values_list("pk").first()
        keep(claim)
        yield


def release(claim: Claim, **columns: Any) -> None:
    """Give a claim up, and write what is due next. Within writing()."""
    claim.rows.update(lease_until=None, **columns)
