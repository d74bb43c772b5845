"""Queries whose SQL is built once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

from coachbot.db.prepared.gaps import Prepared, values_in
from coachbot.db.prepared.statements import Statement


class PreparedQuery(Prepared):
    """A queryset whose first row is wanted: of one model, with `select_related` if need be, or
    a tuple of `values_list`.

    build: gets a Gap for each of `fields` and returns the queryset.
    """

    def first(self, *arguments: Any) -> Any:
        """Return the first row as an instance or tuple, or None. One argument for each Gap."""
        sql, gaps, load = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, values_in(gaps, arguments))
            row = cursor.fetchone()
        return row and load(row)

    def statement(self, *arguments: Any) -> Statement:
        """Return the query with its arguments, as the condition of an insert."""
        sql, gaps, _ = self._compiled
        return Statement(sql, values_in(gaps, arguments))

    @cached_property
    def _compiled(self) -> tuple[str, tuple[Any, ...], Callable[..., Any]]:
        queryset: QuerySet[Any] = self._build(*self._gaps)[:1]
        compiler = queryset.query.get_compiler(connection=connection)
        sql, gaps = compiler.as_sql()
        return sql, gaps, _loader(compiler)


def _loader(compiler: Any) -> Callable[[tuple[Any, ...]], Any]:
    """Return what makes an instance of a row, as django.db.models.query.ModelIterable does."""
    expressions = [expression for expression, *_ in compiler.select]
    if not compiler.query.default_cols:  # of values_list
        return converter(compiler, expressions)
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


def converter(
    compiler: Any, expressions: list[Any]
) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """Return what makes Python's values of those in a row of the database."""
    converters = compiler.get_converters(expressions)

    def convert(row: tuple[Any, ...]) -> tuple[Any, ...]:
        [row] = compiler.apply_converters([row], converters)
        return tuple(row)

    return convert
