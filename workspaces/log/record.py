"""The log of a workspace: the only writer of LogEntry."""

import hashlib
import logging
import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import Error
from django.db.models import Q
from django.utils import timezone

from coachbot.db.prepared import PreparedInsert
from coachbot.observability.logs import current_request_id
from coachbot.observability.masking import mask, mask_text
from workspaces.log.actions import Action
from workspaces.models import LogEntry, LogKind, Outcome, User

logger = logging.getLogger(__name__)

_entries = PreparedInsert(LogEntry)

PRUNE_BATCH = 1_000


def _new_entry(
    *,
    workspace_id: int,
    kind: LogKind,
    code: str,
    action: str,
    outcome: Outcome,
    status_code: int | None = None,
    duration: float | None = None,
    lead_id: uuid.UUID | None = None,
    phone: str = "",
    error: str = "",
    error_code: str = "",
    request=None,
    response=None,
    at: datetime | None = None,
    times: int = 1,
    key: str = "",
) -> LogEntry:
    """Return one row, not yet written: masked, cut to size, with the current request's id.

    code: what was done, as a word that code goes by; action: the same for people.
    error_code: what `error` means, a code of the table that explains it.
    duration: seconds. request, response: JSON-like data, unmasked. at: aware, default now.
    phone: whom it is about, where that did not become a lead; normalised.
    times: how often it happened, for a row that stands for several.
    key: the visible part of the API key, or of the form's address, that asked.
    """
    return LogEntry(
        workspace_id=workspace_id,
        created_at=at or timezone.now(),
        kind=kind,
        code=code,
        action=action,
        outcome=outcome,
        status_code=status_code,
        duration_ms=None if duration is None else round(duration * 1000),
        request_id=current_request_id.get(),
        lead_id=lead_id,
        subject=subject_of(workspace_id, phone),
        error=mask_text(error),
        error_code=error_code,
        request=mask(request),
        response=mask(response),
        times=times,
        key=key,
    )


def row(**fields) -> None:
    """Write one row; _new_entry() says of which fields.

    A log that cannot be written does not undo what it tells of: it is reported and lost.
    """
    entry = _new_entry(**fields)
    try:
        _entries.insert(entry)
    except Error:
        logger.exception(
            "Could not write the log row %s of workspace %s", entry.action, entry.workspace_id
        )


def action(
    *,
    workspace_id: int,
    actor: User | None,
    action: Action,
    lead_id: uuid.UUID | None = None,
    phone: str = "",
    error: str = "",
    error_code: str = "",
    outcome: Outcome | None = None,
    **details,
) -> None:
    """Write what a member did in the dashboard. error: why it did not work out.

    actor: None for who runs the server. phone: as in row(). outcome: where it is neither success
    nor failure. details: what was done to what, for the row's `request`.
    """
    row(
        workspace_id=workspace_id,
        kind=LogKind.OPERATOR_ACTION,
        code=action.value,
        action=action.label,
        outcome=outcome or (Outcome.FAILED if error else Outcome.SUCCEEDED),
        lead_id=lead_id,
        phone=phone,
        error=error,
        error_code=error_code,
        request={"by": actor.email if actor else "the command line", **details},
    )


def alert(
    workspace_id: int,
    *,
    code: str,
    action: str,
    is_over: bool = False,
    lead_id: uuid.UUID | None = None,
    error: str = "",
    error_code: str = "",
) -> None:
    """Write what people should know at once. is_over: whether something is right again."""
    row(
        workspace_id=workspace_id,
        kind=LogKind.ALERT,
        code=code,
        action=action,
        outcome=Outcome.SUCCEEDED if is_over else Outcome.FAILED,
        lead_id=lead_id,
        error=error,
        error_code=error_code,
    )


def forget_lead(
    workspace_id: int, lead_id: uuid.UUID, *, phones: Iterable[str], request_ids: list[str]
) -> None:
    """Empty what the rows about a lead hold of the person. The rows themselves stay.

    phones: the lead's in all its spellings; they find what earlier attempts left, whose leads
    were rolled back.
    request_ids: of the requests that made the lead and its calls; their rows without a
    lead are emptied too. A caller may use an id twice, so rows of other leads are not.
    """
    known = [request_id for request_id in request_ids if request_id]
    rows = LogEntry.objects.filter(workspace_id=workspace_id)
    for about in (
        Q(lead_id=lead_id),
        Q(subject__in=[subject_of(workspace_id, phone) for phone in phones]),
        Q(lead_id=None, request_id__in=known),
    ):
        rows.filter(about).update(request=None, response=None, error="", subject="")


def forget_phone(workspace_id: int, phone: str) -> None:
    """Empty what the rows about a number that is no lead's hold of the person."""
    rows = LogEntry.objects.filter(
        workspace_id=workspace_id, subject=subject_of(workspace_id, phone)
    )
    rows.update(request=None, response=None, error="", subject="")


def prune(workspace_id: int, before: datetime) -> int:
    """Delete the rows of a workspace that are older than a moment. Return how many.

    In batches, oldest first, each its own transaction, so that nobody waits for long.
    """
    pruned = 0
    oldest = LogEntry.objects.filter(workspace_id=workspace_id).order_by("created_at", "id")
    while True:
        batch = oldest.filter(created_at__lt=before).values_list("pk", flat=True)[:PRUNE_BATCH]
        deleted, _ = LogEntry.objects.filter(pk__in=list(batch)).delete()
        pruned += deleted
        if deleted < PRUNE_BATCH:
            return pruned


def subject_of(workspace_id: int, phone: str) -> str:
    """Return what stands for a person in the log: says nothing, but finds their rows."""
    return hashlib.sha256(f"{workspace_id}:{phone}".encode()).hexdigest()[:16] if phone else ""
