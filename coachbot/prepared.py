"""The few statements of every API request, with their SQL built once instead of each time.

The ORM takes as long to turn a queryset into SQL as the database takes to run it. Here a
queryset is written as anywhere, but compiled at its first use.
"""

from collections.abc import Callable
from functools import cached_property

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery


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
    one value of `values_list`.

    build: gets a Gap for each of `fields` and returns the queryset.
    """

    def first(self, *arguments):
        """Return the first row as an instance or value, or None. One argument for each Gap."""
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
        sql, gaps = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, _values(gaps, arguments))
            return cursor.rowcount

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
        sql, fields = self._compiled
        values = [
            field.get_db_prep_save(field.pre_save(instance, True), connection) for field in fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        instance._state.adding, instance._state.db = False, connection.alias

    @cached_property
    def _compiled(self):
        options = self._model._meta
        fields = [f for f in options.concrete_fields if not f.generated and not f.db_returning]
        query = InsertQuery(self._model)
        query.insert_values(fields, [self._model()])  # the SQL is the same for any instance
        [(sql, _)] = query.get_compiler(connection=connection).as_sql()
        return sql, fields


def _values(gaps: list, arguments: tuple) -> list:
    """Return what is sent along with the SQL: arguments in the gaps, and what was fixed."""
    return [
        gap.output_field.get_db_prep_value(arguments[gap.index], connection)
        if isinstance(gap, Gap)
        else gap
        for gap in gaps
    ]


def _loader(compiler) -> Callable[[tuple], Model]:
    """Return what makes an instance of a row, as django.db.models.query.ModelIterable does."""
    converters = compiler.get_converters([expression for expression, *_ in compiler.select])
    if compiler.klass_info is None:  # of values_list

        def load_value(row):
            [row] = compiler.apply_converters([row], converters)
            return row[0]

        return load_value
    model = compiler.klass_info["model"]
    columns = compiler.klass_info["select_fields"]
    names = [compiler.select[column][0].target.attname for column in columns]
    populators = get_related_populators(compiler.klass_info, compiler.select, connection.alias)

    def load(row):
        [row] = compiler.apply_converters([row], converters)
        instance = model.from_db(connection.alias, names, row[columns[0] : columns[-1] + 1])
        for populator in populators:
            populator.populate(row, instance)
        return instance

    return load
