"""The database of the suite, as a whole."""

from contextlib import suppress

from django.core.management.color import no_style
from django.db import DatabaseError, connection

from workspaces.models import User, Workspace


def copy_to(path: str) -> None:
    """Write SQLite's database into a new file."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [path])


def empty(above: int) -> None:
    """Erase all workspaces, users and what belongs to them, where there are more than so many.

    Where somebody still holds a row, as a request of an earlier test does, nothing is erased.
    """
    if Workspace.objects.count() <= above:
        return
    tables = [model._meta.db_table for model in (Workspace, User)]
    statements = connection.ops.sql_flush(no_style(), tables, allow_cascade=True)
    with suppress(DatabaseError):
        connection.ops.execute_sql_flush(statements)
