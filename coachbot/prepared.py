"""The few statements of every API request, with their SQL built once instead of each time.

The ORM takes as long to turn a queryset into SQL as the database takes to run it. Here a
queryset is written as anywhere, but compiled at its first use.
"""

from collections.abc import Callable
from functools import cached_property

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import (
    BooleanField,
    CharField,
    Expression,
    Field,
    Model,
    PositiveIntegerField,
    QuerySet,
    TextField,
)
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery

# Fields whose values every database takes as they are.
AS_THEY_ARE = {BooleanField, CharField, PositiveIntegerField, TextField}


class Gap(Expression):
    """The place of an argument in a prepared statement. field: how the database takes it."""

    def __init__(self, index: int, field: Field):
        super().__init__(output_field=field)
        self.index = index

    def as_sql(self, compiler, connection):
        return "%s", [self]


class _Prepared:
    """A statement with a Gap for each of its fields."""

    def __init__(self, build: Callable, *fields: Field):
        self._build = build
        self._gaps = [Gap(index, field) for index, field in enumerate(fields)]


class PreparedQuery(_Prepared):
    """A queryset whose first row is wanted: of one model, with `select_related` if need be, or
    a tuple of `values_list`.

    build: gets a Gap for each of `fields` and returns the queryset.
    """

    def first(self, *arguments):
        """Return the first row as an instance or tuple, or None. One argument for each Gap."""
        sql, gaps, load = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, _values(gaps, arguments))
            row = cursor.fetchone()
        return row and load(row)

    @cached_property
    def _compiled(self):
        queryset: QuerySet = self._build(*self._gaps)[:1]
        compiler = queryset.query.get_compiler(connection=connection)
        sql, gaps = compiler.as_sql()
        return sql, gaps, _loader(compiler)


class PreparedUpdate(_Prepared):
    """An update of the rows of a queryset.

    build: gets a Gap for each of `fields` and returns the queryset and a dict of column to
    new value, some of them Gaps.
    """

    def update(self, *arguments) -> int:
        """Write. Return how many rows there were. One argument for each Gap."""
        with connection.cursor() as cursor:
            cursor.execute(*self.statement(*arguments))
            return cursor.rowcount

    def statement(self, *arguments) -> tuple[str, list]:
        """Return the SQL, which ends in its conditions, and what is sent along with it."""
        sql, gaps = self._compiled
        return sql, _values(gaps, arguments)

    @cached_property
    def _compiled(self):
        queryset, columns = self._build(*self._gaps)
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(columns)
        return query.get_compiler(connection=connection).as_sql()


class PreparedInsert:
    """An insert of a model's instances, all columns of them. No signals are sent."""

    def __init__(self, model: type[Model]):
        self._model = model

    def insert(self, instance: Model) -> None:
        """Write an instance that is new. A key that the database makes is not read back."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values(instance))
        _note_written(instance)

    @cached_property
    def sql(self) -> str:
        query = InsertQuery(self._model)
        query.insert_values(self._fields, [self._model()])  # the SQL is the same for any instance
        [(sql, _)] = query.get_compiler(connection=connection).as_sql()
        return sql

    def values(self, instance: Model) -> list:
        """Return what is sent along with the SQL."""
        # Not the proxy `connection`, which looks for the thread's own one at each touch.
        database = connections[DEFAULT_DB_ALIAS]
        return [
            getattr(instance, field.attname)
            if type(field) in AS_THEY_ARE
            else field.get_db_prep_save(field.pre_save(instance, True), database)
            for field in self._fields
        ]

    @cached_property
    def _fields(self) -> list[Field]:
        fields = self._model._meta.concrete_fields
        return [field for field in fields if not field.generated and not field.db_returning]


def insert_both(
    inserts: tuple[PreparedInsert, PreparedInsert], instances: tuple[Model, Model]
) -> None:
    """Write two instances, both or none: on PostgreSQL in one statement, so in one round trip."""
    if connection.vendor != "postgresql":
        with transaction.atomic(durable=True):
            for insert, instance in zip(inserts, instances, strict=True):
                insert.insert(instance)
        return
    first, second = inserts
    values = first.values(instances[0]) + second.values(instances[1])
    with connection.cursor() as cursor:
        cursor.execute(f"WITH first AS ({first.sql}) {second.sql}", values)
    for instance in instances:
        _note_written(instance)


def update_both(first: tuple[PreparedUpdate, tuple], second: tuple[PreparedUpdate, tuple]) -> None:
    """Carry out two updates with their arguments, both or none, and the first one first.

    On PostgreSQL in one statement. It promises no order between such updates by itself; but the
    second one asks what the first one returned, and so waits for it before it locks a row.
    """
    if connection.vendor != "postgresql":
        with transaction.atomic(durable=True):
            for update, arguments in (first, second):
                update.update(*arguments)
        return
    (first_sql, first_values), (second_sql, second_values) = (
        update.statement(*arguments) for update, arguments in (first, second)
    )
    sql = (
        f"WITH first AS ({first_sql} RETURNING 1) "
        f"{second_sql} AND (SELECT count(*) FROM first) >= 0"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*first_values, *second_values])


def _note_written(instance: Model) -> None:
    instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS


def _values(gaps: list, arguments: tuple) -> list:
    """Return what is sent along with the SQL: arguments in the gaps, and what was fixed."""
    database = connections[DEFAULT_DB_ALIAS]
    return [
        gap.output_field.get_db_prep_value(arguments[gap.index], database)
        if isinstance(gap, Gap)
        else gap
        for gap in gaps
    ]


def _loader(compiler) -> Callable[[tuple], Model]:
    """Return what makes an instance of a row, as django.db.models.query.ModelIterable does."""
    converters = compiler.get_converters([expression for expression, *_ in compiler.select])
    if not compiler.query.default_cols:  # of values_list

        def load_tuple(row):
            [row] = compiler.apply_converters([row], converters)
            return tuple(row)

        return load_tuple
    model = compiler.klass_info["model"]
    columns = compiler.klass_info["select_fields"]
    names = [compiler.select[column][0].target.attname for column in columns]
    populators = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)

    def load(row):
        [row] = compiler.apply_converters([row], converters)
        instance = model.from_db(DEFAULT_DB_ALIAS, names, row[columns[0] : columns[-1] + 1])
        for populator in populators:
            populator.populate(row, instance)
        return instance

    return load
