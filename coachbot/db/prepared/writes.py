"""Updates and inserts whose SQL is built once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import AutoField, DurationField, Field, Model, Value
from django.db.models.functions import Now
from django.db.models.sql import InsertQuery, UpdateQuery

from coachbot.db.prepared.gaps import Prepared, is_plain, values_in
from coachbot.db.prepared.queries import converter
from coachbot.db.prepared.statements import Statement, execute


class PreparedUpdate(Prepared):
    """An update of the rows of a queryset.

    build: gets a Gap for each of `fields` and returns the queryset and a dict of column to
    new value, some of them Gaps.
    """

    def update(self, *arguments: Any) -> int:
        """Write. Return how many rows there were. One argument for each Gap."""
        return execute(self.statement(*arguments))

    def statement(self, *arguments: Any) -> Statement:
        """Return the update with its arguments, one for each Gap."""
        sql, gaps = self._compiled
        return Statement(sql, values_in(gaps, arguments), has_condition=True)

    @cached_property
    def _compiled(self) -> Any:
        queryset, columns = self._build(*self._gaps)
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(columns)
        return query.get_compiler(connection=connection).as_sql()


class PreparedInsert:
    """An insert of a model's instance, all columns of it. No signals are sent.

    from_now: the columns that hold a moment by the database's clock, and how long after the
    insert that is. What an instance has there is not written.
    """

    def __init__(self, model: type[Model], **from_now: timedelta):
        self._model = model
        self._from_now = from_now

    def insert(self, instance: Model) -> None:
        """Write an instance that is new, and read the moments of the database back into it.

        A key that the database makes is not read back.
        """
        statement = self.statement(instance)
        if not self._from_now:
            execute(statement)
            return
        returning, read = self._returning
        with connection.cursor() as cursor:
            cursor.execute(statement.sql + returning, statement.values)
            moments = read(cursor.fetchone())
        for name, moment in zip(self._from_now, moments, strict=True):
            setattr(instance, name, moment)

    def statement(self, instance: Model) -> Statement:
        """Return the insert of an instance that is new."""
        return Statement(self._sql, self._values(instance), instance=instance)

    def statement_unless(self, found: Statement, instance: Model) -> Statement:
        """Return the insert of an instance that is new. It writes no row where a query finds one.

        found: of PreparedQuery.statement().
        """
        into, _, row = self._sql.partition(" VALUES ")
        sql = f"{into} SELECT {row.strip()[1:-1]} WHERE NOT EXISTS ({found.sql})"
        values = [*self._values(instance), *found.values]
        return Statement(sql, values, instance=instance)

    @cached_property
    def _sql(self) -> str:
        query = InsertQuery(self._model)
        moments = {name: Now() + _duration(after) for name, after in self._from_now.items()}
        # The SQL is the same for any one.
        query.insert_values(self._fields, [self._model(**moments)])
        [(sql, _)] = query.get_compiler(connection=connection).as_sql()
        return str(sql)

    @cached_property
    def _returning(self) -> tuple[str, Callable[[tuple[Any, ...]], tuple[Any, ...]]]:
        """Return the end of the SQL that asks for the moments, and what makes datetimes of them."""
        columns = [self._fields[index] for index, _ in self._moments]
        quoted = ", ".join(connection.ops.quote_name(str(field.column)) for field in columns)
        compiler = InsertQuery(self._model).get_compiler(connection=connection)
        table = self._model._meta.db_table
        return f" RETURNING {quoted}", converter(compiler, [f.get_col(table) for f in columns])

    def _values(self, instance: Model) -> list[Any]:
        values = list(self._attributes(instance))
        # Not the proxy `connection`, which looks for the thread's own one at each touch.
        database = connections[DEFAULT_DB_ALIAS]
        for index, field in self._adapted:
            values[index] = field.get_db_prep_save(field.pre_save(instance, True), database)
        for index, after in self._moments:
            values[index] = DurationField().get_db_prep_value(after, database)
        return values

    @cached_property
    def _attributes(self) -> Callable[[Model], tuple[Any, ...]]:
        return attrgetter(*(field.attname for field in self._fields))

    @cached_property
    def _adapted(self) -> list[tuple[int, Field[Any, Any]]]:
        return [
            (index, field)
            for index, field in enumerate(self._fields)
            if field.attname not in self._from_now and not is_plain(field)
        ]

    @cached_property
    def _moments(self) -> list[tuple[int, timedelta]]:
        places = {field.attname: index for index, field in enumerate(self._fields)}
        return [(places[name], after) for name, after in self._from_now.items()]

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        fields = self._model._meta.concrete_fields
        # A column with a default of the database's is written too: the model has made its value.
        return [f for f in fields if not f.generated and not isinstance(f, AutoField)]


def _duration(length: timedelta) -> Value:
    return Value(length, DurationField())
