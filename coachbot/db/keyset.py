"""Pages of rows, newest first, that take as long at the millionth row as at the first.

A cursor names the row that a page begins after, so the database goes straight there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from coachbot.db.connections import release_connection

PAGE_SIZE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Row = TypeVar("Row", bound=Model)


class BadCursor(ValueError):
    """The text is no cursor that a page gave out."""


@dataclass(frozen=True)
class Page:
    """Rows, and the cursors of the pages on both sides; "" where there is nothing more."""

    rows: list[Any]
    older: str
    newer: str

    @property
    def newest(self) -> str:
        """Return the cursor of the first row, "" on an empty page."""
        return cursor_of(self.rows[0]) if self.rows else ""


def page(
    queryset: QuerySet[Any], *, older: str = "", newer: str = "", size: int = PAGE_SIZE
) -> Page:
    """Return the newest rows, or those next to a cursor on its older or newer side.

    queryset: of rows with `created_at` and a primary key; its order is set here.
    Raises BadCursor.
    """
    if newer:
        rows = list(oldest_first(queryset.filter(_after(queryset, newer)))[: size + 1])
        has_more, rows = len(rows) > size, rows[:size][::-1]
        return Page(
            rows, cursor_of(rows[-1]) if rows else "", cursor_of(rows[0]) if has_more else ""
        )
    if older:
        queryset = queryset.filter(_before(queryset, older))
    rows = list(queryset.order_by("-created_at", "-pk")[: size + 1])
    has_more, rows = len(rows) > size, rows[:size]
    return Page(
        rows,
        cursor_of(rows[-1]) if has_more else "",
        cursor_of(rows[0]) if older and rows else "",
    )


def walk(queryset: QuerySet[Row], *, size: int, older: str = "") -> Iterator[Row]:
    """Yield all rows, or those older than a cursor, newest first, `size` to a query.

    Whoever takes them may be slow: meanwhile neither a cursor nor a connection is held.
    """
    while True:
        rows = page(queryset, older=older, size=size)
        release_connection()
        yield from rows.rows
        if not rows.older:
            return
        older = rows.older


def oldest_first(queryset: QuerySet[Row]) -> QuerySet[Row]:
    return queryset.order_by("created_at", "pk")


def cursor_of(row: Any) -> str:
    """Return the cursor of a row: its time in microseconds and its primary key."""
    return f"{(row.created_at - EPOCH) // MICROSECOND}-{row.pk}"


# The first half alone is what an index can seek; the second settles equal times.
def _before(queryset: QuerySet[Any], cursor: str) -> Q:
    moment, key = _read(queryset, cursor)
    return Q(created_at__lte=moment) & (Q(created_at__lt=moment) | Q(pk__lt=key))


def _after(queryset: QuerySet[Any], cursor: str) -> Q:
    moment, key = _read(queryset, cursor)
    return Q(created_at__gte=moment) & (Q(created_at__gt=moment) | Q(pk__gt=key))


def _read(queryset: QuerySet[Any], cursor: str) -> tuple[datetime, Any]:
    microseconds, _, key = cursor.partition("-")
    try:
        moment = EPOCH + timedelta(microseconds=int(microseconds))
        return moment, queryset.model._meta.pk.to_python(key)
    except (ValueError, OverflowError, ValidationError) as error:
        raise BadCursor(f"{cursor!r} is no page of this list.") from error
