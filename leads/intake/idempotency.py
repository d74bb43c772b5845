"""Idempotency-Key: a request that is repeated gets the first answer again.

A row for each key of a workspace decides, by its unique constraint, who runs the request.
Whoever does holds a lease; if it dies, the next one takes over, and then the ordinary rules
for twins say what became of the lead.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from coachbot.db import connections, leases
from coachbot.db.prepared import PreparedInsert, PreparedUpdate
from coachbot.deadline import Deadline
from leads.calls.placing import concurrency
from leads.calls.placing.lease import LEASE, SHORTEST_DISPATCH
from leads.models.intake.idempotent_request import IdempotentRequest
from workspaces.models import Workspace

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 255
# Answers that a retry should not repeat the work of.
FINAL = (201, 409)
QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
BARE = re.compile(r"[!#-~][ -~]*")
BAD_KEY = f"Expected 1 to {LONGEST_KEY} printable ASCII characters, bare or in double quotes."


class BadKey(ValueError):
    """The header holds no key; `str()` says what is expected."""


class KeyReused(Exception):
    """The key came with another body before."""


class StillRunning(Exception):
    """The first request with the key has not been answered in the time there was to wait."""

    def __init__(self) -> None:
        super().__init__("The first request with this Idempotency-Key is still running.")


@dataclass(frozen=True)
class Answer:
    """What is repeated, to the byte."""

    status: int
    body: str
    location: str


@dataclass(frozen=True)
class Claim:
    """The right to run the request. End it with keep() or release()."""

    workspace_id: int
    key_digest: str
    lease_until: datetime

    def keep(self, answer: Answer) -> None:
        """Store a final answer for the retries that may come."""
        mine = (self.workspace_id, self.key_digest, self.lease_until)
        _store_answer.update(*mine, answer.status, answer.body, answer.location)

    def release(self) -> None:
        """Forget the key: the request came to nothing, and may be tried again."""
        _claimed(self.workspace_id, self.key_digest, self.lease_until).delete()


def _claimed(workspace: Any, key_digest: Any, lease_until: Any) -> QuerySet[IdempotentRequest]:
    """The row, unless the lease ran out and somebody else has taken it over."""
    return IdempotentRequest.objects.filter(
        workspace=workspace, key_digest=key_digest, status=None, lease_until=lease_until
    )


_requests = PreparedInsert(IdempotentRequest, lease_until=LEASE, created_at=timedelta(0))
_IS_OLD = Q(created_at__lte=Now() - KEPT_FOR)
_store_answer = PreparedUpdate(
    lambda workspace, key_digest, lease_until, status, answer, location: (
        _claimed(workspace, key_digest, lease_until),
        {"status": status, "answer": answer, "location": location},
    ),
    IdempotentRequest._meta.get_field("workspace"),
    IdempotentRequest._meta.get_field("key_digest"),
    IdempotentRequest._meta.get_field("lease_until"),
    IdempotentRequest._meta.get_field("status"),
    IdempotentRequest._meta.get_field("answer"),
    IdempotentRequest._meta.get_field("location"),
)


def read_key(header: str) -> str:
    """Return the key in an Idempotency-Key header, a quoted or a bare string. Raises BadKey."""
    header = header.strip(" \t")
    if quoted := QUOTED.fullmatch(header):
        key = re.sub(r"\\(.)", r"\1", quoted[1])
    else:
        key = header if BARE.fullmatch(header) else ""
    if not 1 <= len(key) <= LONGEST_KEY:
        raise BadKey(BAD_KEY)
    return key


def begin(*, workspace: Workspace, key: str, body: bytes, deadline: Deadline) -> Claim | Answer:
    """Claim a key for a request, or return the answer that it got before.

    While the first request with the key runs, its twin waits here, as one of the requests that
    wait for a call. Raises KeyReused; StillRunning, where too little time is left to act in;
    concurrency.TooManyCalls; and Workspace.DoesNotExist where it was just deleted.
    """
    digests = _digest("key", key), _digest("body", body)
    found = _try(workspace, *digests)
    if found is not None:
        return found
    with concurrency.limited(workspace.pk):
        return _await_first(workspace, digests, deadline)


def _await_first(
    workspace: Workspace, digests: tuple[str, str], deadline: Deadline
) -> Claim | Answer:
    for _ in connections.attempts(deadline):
        found = _try(workspace, *digests)
        if isinstance(found, Claim) and deadline.remaining() < SHORTEST_DISPATCH:
            found.release()
            break
        if found is not None:
            return found
    raise StillRunning


def _try(workspace: Workspace, key_digest: str, body_digest: str) -> Claim | Answer | None:
    """Claim a key, or return its answer; None while its first request is running."""
    while True:
        try:
            return _insert(workspace, key_digest, body_digest)
        except IntegrityError:
            rows = workspace.idempotent_requests.annotate(is_old=_IS_OLD)
            row = rows.filter(key_digest=key_digest).first()
        if row is None:  # released just now, or there is no workspace any more
            Workspace.objects.get(pk=workspace.pk)
        elif row.is_old:
            IdempotentRequest.objects.filter(pk=row.pk, created_at=row.created_at).delete()
        else:
            return _join(row, body_digest)


def purge_expired() -> int:
    """Forget the keys of more than 24 hours ago. Return how many. Safe at any time."""
    old = IdempotentRequest.objects.filter(_IS_OLD)
    return old.delete()[0]


def _insert(workspace: Workspace, key_digest: str, body_digest: str) -> Claim:
    row = IdempotentRequest(workspace=workspace, key_digest=key_digest, body_digest=body_digest)
    _requests.insert(row)
    return Claim(workspace.pk, key_digest, row.lease_until)


def _join(row: IdempotentRequest, body_digest: str) -> Claim | Answer | None:
    """Come second to a key: the same request, or another one."""
    if row.body_digest != body_digest:
        raise KeyReused
    if row.status:
        return Answer(row.status, row.answer, row.location)
    lease = leases.claim(IdempotentRequest.objects.filter(pk=row.pk, status=None), LEASE)
    return Claim(row.workspace_id, row.key_digest, lease) if lease else None


def _digest(purpose: str, value: str | bytes) -> str:
    """Return a keyed digest: of a plain one, a name and a phone could be guessed."""
    # The salt is kept with the rows: it names no module, and does not move with one.
    return salted_hmac(f"leads.idempotency.{purpose}", value, algorithm="sha256").hexdigest()
