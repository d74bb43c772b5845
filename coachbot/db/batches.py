"""Going through a large table in parts, each short enough not to keep others waiting."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

BATCH = 1_000

Row = TypeVar("Row", bound=Model)


def batches(rows: QuerySet[Row], size: int = BATCH) -> Iterator[list[Row]]:
    """Yield the rows by their primary key, in lists. Rows may leave the queryset meanwhile."""
    rows, last = rows.order_by("pk"), None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:size]):
        yield batch
        last = batch[-1].pk
