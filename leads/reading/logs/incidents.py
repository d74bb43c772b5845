"""The rows of one request together: what came in, and what was asked of providers for it."""

from collections.abc import Sequence
from datetime import timedelta

from workspaces.models import LogEntry, Workspace

# A caller may send an id of its own again: rows that are further apart are not of one request.
WITHIN = timedelta(minutes=5)
MOST_OTHERS = 200
# Rows that no request wrote.
NO_REQUEST = ("", "-")


def together(workspace: Workspace, rows: Sequence[LogEntry]) -> list[LogEntry]:
    """Return the latest row of each request among some, the newest first, with its `others`: all
    other rows of the request, whether they are among these or not, the first one first.
    """
    heads: list[LogEntry] = []
    for row in rows:
        row.others = []
        if not any(_is_of(row, head) for head in heads):
            heads.append(row)
    for other in _others(workspace, heads):
        for head in heads:
            if _is_of(other, head):
                head.others.append(other)
                break
    return heads


def _is_of(row: LogEntry, head: LogEntry) -> bool:
    is_same = row.request_id == head.request_id and row.request_id not in NO_REQUEST
    return is_same and abs(head.created_at - row.created_at) <= WITHIN


def _others(workspace: Workspace, heads: Sequence[LogEntry]) -> list[LogEntry]:
    ids = {head.request_id for head in heads} - set(NO_REQUEST)
    if not ids:
        return []
    rows = workspace.log.defer("request", "response").filter(request_id__in=ids)
    others = rows.exclude(pk__in=[head.pk for head in heads]).order_by("-created_at", "-id")
    return list(others[:MOST_OTHERS])[::-1]
