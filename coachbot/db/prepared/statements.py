"""Writes that are ready to be carried out, one by one or all together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Model


@dataclass(frozen=True)
class Statement:
    """One write, or a query it hangs on, ready to be carried out. values: what is sent along.

    has_condition: the SQL ends in its conditions. instance: what is new by it.
    """

    sql: str
    values: list[Any]
    has_condition: bool = False
    instance: Model | None = None


def write_together(*statements: Statement) -> int:
    """Carry out several writes, all or none, and updates in their order.

    Return how many rows the last of them wrote.

    On PostgreSQL in one statement, so in one round trip. It promises no order between its parts
    by itself; but an update asks what the parts before it returned, and so waits for these before
    it locks a row. Raises django.db.DatabaseError.
    """
    if len(statements) == 1:
        written = execute(statements[0])
    elif connection.vendor == "postgresql":
        written = execute(_joined(statements))
    else:
        with transaction.atomic():
            written = [execute(statement) for statement in statements][-1]
    for statement in statements:
        if statement.instance:
            statement.instance._state.adding = False
            statement.instance._state.db = DEFAULT_DB_ALIAS
    return written


def _joined(statements: tuple[Statement, ...]) -> Statement:
    """Return PostgreSQL's one statement for several."""
    parts = []
    for index, statement in enumerate(statements):
        # Each part before it: one that nothing asks is carried out after all others.
        waits = "".join(f" AND (SELECT count(*) FROM part{part}) >= 0" for part in range(index))
        parts.append(statement.sql + waits * statement.has_condition)
    *first, last = parts
    named = ", ".join(f"part{index} AS ({sql} RETURNING 1)" for index, sql in enumerate(first))
    values = [value for statement in statements for value in statement.values]
    return Statement(f"WITH {named} {last}", values)


def execute(statement: Statement) -> int:
    """Carry one out. Return how many rows were written."""
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        return int(cursor.rowcount)
