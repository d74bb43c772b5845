"""Rows of what a stranger can cause thousands of times a minute: one that counts.

The first of a minute is written like any other row; those after it raise its `times`. A process
writes one such row with one thread at a time, which takes along what came meanwhile: however
many there are, they do not queue for a row and hold no connections.
"""

import logging
import threading
from collections import Counter
from typing import NamedTuple

from django.db import Error
from django.db.models import F
from django.utils import timezone

from coachbot.deadline import Deadline
from workspaces.log import record
from workspaces.models import LogEntry, Outcome

logger = logging.getLogger(__name__)

# How long one request may write for others.
MOST_SECONDS = 5.0


class _Key(NamedTuple):
    """What makes two refusals the same. key: the visible part of the API key."""

    workspace_id: int
    code: str
    error_code: str
    key: str
    minute: object


_waiting: Counter[_Key] = Counter()
_writing: set[_Key] = set()
_lock = threading.Lock()


def refusal(*, key: str, workspace_id: int, code: str, error_code: str, **fields) -> None:
    """Write that a request with an API key was refused, or count it where that stands already.

    fields: the others of record.row(). Nothing of what was sent is kept.
    """
    minute = timezone.now().replace(second=0, microsecond=0)
    same = _Key(workspace_id, code, error_code, key, minute)
    fields |= {"workspace_id": workspace_id, "code": code, "error_code": error_code}
    with _lock:
        _waiting[same] += 1
        if same in _writing:
            return
        _writing.add(same)
    deadline = Deadline(MOST_SECONDS)
    while number := _taken(same, goes_on=deadline.remaining() > 0):
        _write(same, number, fields | {"request": {"key": key}, "key": key})


def _taken(same: _Key, *, goes_on: bool) -> int:
    """Return how many are to be written; 0 where there are none, or others should write."""
    with _lock:
        number = _waiting.pop(same, 0) if goes_on else 0
        if not number:
            _writing.discard(same)
        return number


def _write(same: _Key, number: int, fields: dict) -> None:
    rows = LogEntry.objects.filter(
        workspace_id=same.workspace_id,
        outcome=Outcome.REFUSED,
        created_at__gte=same.minute,
        code=same.code,
        error_code=same.error_code,
        request__key=same.key,
    )
    first = rows.order_by("created_at", "id").values("id")[:1]
    try:
        raised = LogEntry.objects.filter(pk__in=first).update(times=F("times") + number)
    except Error:
        logger.exception("%s refusals of workspace %s were not counted", number, same.workspace_id)
        return
    if not raised:
        record.row(**fields, times=number)
