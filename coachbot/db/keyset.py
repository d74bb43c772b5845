"""Pages of sorted rows that take as long at the millionth row as at the first.

A cursor names the row that a page begins after, so the database goes straight there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    F,
    Field,
    Func,
    Model,
    QuerySet,
    TextField,
    Value,
)

from coachbot.db.connections import release_connection

PAGE_SIZE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Row = TypeVar("Row", bound=Model)


class BadCursor(ValueError):
    """The text is no cursor that a page gave out."""


@dataclass(frozen=True)
class Kind:
    """How values of a kind stand in a cursor: without a hyphen, and what is no such text raises
    ValueError or OverflowError. field: as which the database takes them.
    """

    write: Callable[[Any], str]
    read: Callable[[str], Any]
    field: "Field[Any, Any]"


MOMENTS = Kind(
    lambda moment: str((moment - EPOCH) // MICROSECOND),
    lambda text: EPOCH + timedelta(microseconds=int(text)),
    DateTimeField(),
)
DAYS = Kind(lambda day: str(day.toordinal()), lambda text: date.fromordinal(int(text)), DateField())
TEXTS = Kind(
    lambda text: text.encode().hex(),
    lambda text: bytes.fromhex(text).decode().replace("\0", ""),
    TextField(),
)


class _Row(Func):
    """(a, b), which a database compares as a whole."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


@dataclass(frozen=True)
class Order:
    """How rows are sorted: by a column or an annotation that is never null, then by their key."""

    by: str = "created_at"
    kind: Kind = MOMENTS
    is_descending: bool = True

    def cursor_of(self, row: Any) -> str:
        """Return the cursor of a row: its value and its primary key."""
        return f"{self.kind.write(getattr(row, self.by))}-{row.pk}"

    def sorted(self, queryset: QuerySet[Any], *, backwards: bool = False) -> QuerySet[Any]:
        """Return rows in this order, or the other way round."""
        sign = "-" if self.is_descending is not backwards else ""
        return queryset.order_by(f"{sign}{self.by}", f"{sign}pk")

    def beyond(self, queryset: QuerySet[Any], cursor: str, *, backwards: bool = False) -> Any:
        """Return the rows after a cursor, or those before it. Raises BadCursor."""
        value, key = self._read(queryset, cursor)
        here = _Row(
            Value(value, output_field=self.kind.field),
            Value(key, output_field=queryset.model._meta.pk),
        )
        is_before = self.is_descending is not backwards
        # One comparison, so that an index finds the row also among thousands of the same value.
        joined = {"template": "%(expressions)s", "arg_joiner": " < " if is_before else " > "}
        row = Func(_Row(F(self.by), F("pk")), here, output_field=BooleanField(), **joined)
        # In an index of an expression SQLite seeks no row, but its first half.
        return queryset.filter(row, **{f"{self.by}__{'lte' if is_before else 'gte'}": value})

    def _read(self, queryset: QuerySet[Any], cursor: str) -> tuple[Any, Any]:
        text, _, key = cursor.partition("-")
        try:
            return self.kind.read(text), queryset.model._meta.pk.to_python(key)
        except (ValueError, OverflowError, ValidationError) as error:
            raise BadCursor(f"{cursor!r} is no page of this list.") from error


NEWEST = Order()


@dataclass(frozen=True)
class Page:
    """Rows, and the cursors of the pages on both sides; "" where there is nothing more.

    older: of what comes after, newer: of what comes before, whatever the order.
    """

    rows: list[Any]
    older: str
    newer: str
    order: Order = NEWEST

    @property
    def newest(self) -> str:
        """Return the cursor of the first row, "" on an empty page."""
        return self.order.cursor_of(self.rows[0]) if self.rows else ""

    @property
    def is_by_time(self) -> bool:
        return self.order.kind is MOMENTS and self.order.is_descending

    @property
    def is_all(self) -> bool:
        """Return whether there are no other rows than these."""
        return not (self.older or self.newer)


def page(
    queryset: QuerySet[Any],
    *,
    older: str = "",
    newer: str = "",
    size: int = PAGE_SIZE,
    order: Order = NEWEST,
) -> Page:
    """Return the first rows, or those next to a cursor on its older or newer side.

    queryset: of rows with what the order goes by; it is sorted here. Raises BadCursor.
    """
    if newer:
        before = order.beyond(queryset, newer, backwards=True)
        rows = list(order.sorted(before, backwards=True)[: size + 1])
        has_more, rows = len(rows) > size, rows[:size][::-1]
        last = order.cursor_of(rows[-1]) if rows else ""
        return Page(rows, last, order.cursor_of(rows[0]) if has_more else "", order)
    if older:
        queryset = order.beyond(queryset, older)
    rows = list(order.sorted(queryset)[: size + 1])
    has_more, rows = len(rows) > size, rows[:size]
    last = order.cursor_of(rows[-1]) if has_more else ""
    return Page(rows, last, order.cursor_of(rows[0]) if older and rows else "", order)


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


def cursor_of(row: Any) -> str:
    """Return the cursor of a row among the newest."""
    return NEWEST.cursor_of(row)
