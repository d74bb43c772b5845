"""Where the arguments of a prepared statement go."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, Field, ForeignKey

# A value for each kind of field that a database may take as it is.
SAMPLES = {
    "BigAutoField": 1,
    "BooleanField": True,
    "CharField": "text",
    "DateField": date(2026, 1, 1),
    "DateTimeField": datetime(2026, 1, 1, tzinfo=UTC),
    "TextField": "text",
    "UUIDField": uuid.UUID(int=1),
}


class Gap(Expression):
    """The place of an argument in a prepared statement. field: how the database takes it."""

    def __init__(self, index: int, field: Field[Any, Any]):
        super().__init__(output_field=field)
        self.index = index

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def fill(self, argument: Any, database: Any) -> Any:
        """Return an argument as the database takes it."""
        if self._is_plain:
            return argument
        return self.output_field.get_db_prep_value(argument, database)

    @cached_property
    def _is_plain(self) -> bool:
        return is_plain(self.output_field)


class Prepared:
    """A statement with a Gap for each of its fields."""

    def __init__(self, build: Callable[..., Any], *fields: Field[Any, Any]):
        self._build = build
        self._gaps = [Gap(index, field) for index, field in enumerate(fields)]


def values_in(gaps: Iterable[Any], arguments: tuple[Any, ...]) -> list[Any]:
    """Return what is sent along with the SQL: arguments in the gaps, and what was fixed."""
    database = connections[DEFAULT_DB_ALIAS]
    return [
        gap.fill(arguments[gap.index], database) if isinstance(gap, Gap) else gap for gap in gaps
    ]


def is_plain(field: Field[Any, Any]) -> bool:
    """Return whether the database takes a field's values as they are: it is asked with one."""
    if any(getattr(field, name, False) for name in ("auto_now", "auto_now_add", "is_computed")):
        return False  # the field makes its values itself
    kind = field.target_field if isinstance(field, ForeignKey) else field
    sample = SAMPLES.get(kind.get_internal_type())
    return sample is not None and field.get_db_prep_save(sample, connection) is sample
