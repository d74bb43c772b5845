"""The few statements of every API request, with their SQL built once instead of each time.

The ORM takes as long to turn a queryset into SQL as the database takes to run it. Here a
queryset is written as anywhere, but compiled at its first use.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import (
    AutoField,
    DurationField,
    Expression,
    Field,
    ForeignKey,
    Model,
    QuerySet,
    Value,
)
from django.db.models.functions import Now
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery

# A value for each kind of field that a database may take as it is.
SAMPLES = {
    "BigAutoField": 1,
    "BooleanField": True,
    "CharField": "text",
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
        return _is_plain(self.output_field)


class _Prepared:
    """A statement with a Gap for each of its fields."""

    def __init__(self, build: Callable[..., Any], *fields: Field[Any, Any]):
        self._build = build
        self._gaps = [Gap(index, field) for index, field in enumerate(fields)]


class PreparedQuery(_Prepared):
    """A queryset whose first row is wanted: of one model, with `select_related` if need be, or
    a tuple of `values_list`.

    build: gets a Gap for each of `fields` and returns the queryset.
    """

    def first(self, *arguments: Any) -> Any:
        """Return the first row as an instance or tuple, or None. One argument for each Gap."""
        sql, gaps, load = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, _values(gaps, arguments))
            row = cursor.fetchone()
        return row and load(row)

    def statement(self, *arguments: Any) -> Statement:
        """Return the query with its arguments, as the condition of an insert."""
        sql, gaps, _ = self._compiled
        return Statement(sql, _values(gaps, arguments))

    @cached_property
    def _compiled(self) -> tuple[str, tuple[Any, ...], Callable[..., Any]]:
        queryset: QuerySet[Any] = self._build(*self._gaps)[:1]
        compiler = queryset.query.get_compiler(connection=connection)
        sql, gaps = compiler.as_sql()
        return sql, gaps, _loader(compiler)


@dataclass(frozen=True)
class Statement:
    """One write, or a query it hangs on, ready to be carried out. values: what is sent along.

    has_condition: the SQL ends in its conditions. instances: what is new by it.
    """

    sql: str
    values: list[Any]
    has_condition: bool = False
    instances: tuple[Model, ...] = ()


class PreparedUpdate(_Prepared):
    """An update of the rows of a queryset.

    build: gets a Gap for each of `fields` and returns the queryset and a dict of column to
    new value, some of them Gaps.
    """

    def update(self, *arguments: Any) -> int:
        """Write. Return how many rows there were. One argument for each Gap."""
        return _execute(self.statement(*arguments))

    def statement(self, *arguments: Any) -> Statement:
        """Return the update with its arguments, one for each Gap."""
        sql, gaps = self._compiled
        return Statement(sql, _values(gaps, arguments), has_condition=True)

    @cached_property
    def _compiled(self) -> Any:
        queryset, columns = self._build(*self._gaps)
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(columns)
        return query.get_compiler(connection=connection).as_sql()


class PreparedInsert:
    """An insert of a model's instances, all columns of them. No signals are sent.

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
            _execute(statement)
            return
        returning, read = self._returning
        with connection.cursor() as cursor:
            cursor.execute(statement.sql + returning, statement.values)
            moments = read(cursor.fetchone())
        for name, moment in zip(self._from_now, moments, strict=True):
            setattr(instance, name, moment)

    def statement(self, *instances: Model) -> Statement:
        """Return the insert of instances that are new, at least one, in their order."""
        values = [value for instance in instances for value in self._values(instance)]
        sql = self._sql + self._further_row * (len(instances) - 1)
        return Statement(sql, values, instances=instances)

    def statement_unless(self, found: Statement, instance: Model) -> Statement:
        """Return the insert of an instance that is new. It writes no row where a query finds one.

        found: of PreparedQuery.statement().
        """
        into, _, row = self._sql.partition(" VALUES ")
        sql = f"{into} SELECT {row.strip()[1:-1]} WHERE NOT EXISTS ({found.sql})"
        values = [*self._values(instance), *found.values]
        return Statement(sql, values, instances=(instance,))

    @cached_property
    def _sql(self) -> str:
        query = InsertQuery(self._model)
        moments = {name: Now() + _duration(after) for name, after in self._from_now.items()}
        # The SQL is the same for any one.
        query.insert_values(self._fields, [self._model(**moments)])
        [(sql, _)] = query.get_compiler(connection=connection).as_sql()
        return str(sql)

    @cached_property
    def _further_row(self) -> str:
        return f", {self._sql.partition(' VALUES ')[2]}"

    @cached_property
    def _returning(self) -> tuple[str, Callable[[tuple[Any, ...]], tuple[Any, ...]]]:
        """Return the end of the SQL that asks for the moments, and what makes datetimes of them."""
        columns = [self._fields[index] for index, _ in self._moments]
        quoted = ", ".join(connection.ops.quote_name(str(field.column)) for field in columns)
        compiler = InsertQuery(self._model).get_compiler(connection=connection)
        table = self._model._meta.db_table
        return f" RETURNING {quoted}", _converter(compiler, [f.get_col(table) for f in columns])

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
            if field.attname not in self._from_now and not _is_plain(field)
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


def write_together(*statements: Statement) -> int:
    """Carry out several writes, all or none, and updates in their order.

    Return how many rows the last of them wrote.

    On PostgreSQL in one statement, so in one round trip. It promises no order between its parts
    by itself; but an update asks what the parts before it returned, and so waits for these before
    it locks a row. Raises django.db.DatabaseError.
    """
    if len(statements) == 1:
        written = _execute(statements[0])
    elif connection.vendor == "postgresql":
        written = _execute(_joined(statements))
    else:
        with transaction.atomic():
            written = [_execute(statement) for statement in statements][-1]
    for statement in statements:
        for instance in statement.instances:
            instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS
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


def _execute(statement: Statement) -> int:
    """Return how many rows were written."""
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        return int(cursor.rowcount)


def _values(gaps: Iterable[Any], arguments: tuple[Any, ...]) -> list[Any]:
    """Return what is sent along with the SQL: arguments in the gaps, and what was fixed."""
    database = connections[DEFAULT_DB_ALIAS]
    return [
        gap.fill(arguments[gap.index], database) if isinstance(gap, Gap) else gap for gap in gaps
    ]


def _is_plain(field: Field[Any, Any]) -> bool:
    """Return whether the database takes a field's values as they are: it is asked with one."""
    if any(getattr(field, name, False) for name in ("auto_now", "auto_now_add", "is_computed")):
        return False  # the field makes its values itself
    kind = field.target_field if isinstance(field, ForeignKey) else field
    sample = SAMPLES.get(kind.get_internal_type())
    return sample is not None and field.get_db_prep_save(sample, connection) is sample


def _loader(compiler: Any) -> Callable[[tuple[Any, ...]], Any]:
    """Return what makes an instance of a row, as django.db.models.query.ModelIterable does."""
    expressions = [expression for expression, *_ in compiler.select]
    if not compiler.query.default_cols:  # of values_list
        return _converter(compiler, expressions)
    converters = compiler.get_converters(expressions)
    model = compiler.klass_info["model"]
    columns = compiler.klass_info["select_fields"]
    names = [compiler.select[column][0].target.attname for column in columns]
    populators = get_related_populators(  # type: ignore[call-arg]  # the stubs know Django 6.1
        compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS
    )

    def load(row: tuple[Any, ...]) -> Model:
        [row] = compiler.apply_converters([row], converters)
        instance: Model = model.from_db(DEFAULT_DB_ALIAS, names, row[columns[0] : columns[-1] + 1])
        for populator in populators:
            populator.populate(row, instance)
        return instance

    return load


def _converter(
    compiler: Any, expressions: list[Any]
) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """Return what makes Python's values of those in a row of the database."""
    converters = compiler.get_converters(expressions)

    def convert(row: tuple[Any, ...]) -> tuple[Any, ...]:
        [row] = compiler.apply_converters([row], converters)
        return tuple(row)

    return convert


def _duration(length: timedelta) -> Value:
    return Value(length, DurationField())
