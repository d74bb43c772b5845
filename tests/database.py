"""The database of the suite, as a whole."""

from contextlib import suppress

from django.core.management.color import no_style
from django.db import DatabaseError, connection

from leads.models import Call, Conversation, Lead, Message, RefusedSubmission
from workspaces.models import LogEntry, User, Workspace


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


def gather_no_statistics() -> None:
    """Leave PostgreSQL without figures of the tables whose plans are looked at: those that it
    gathers at some time, of rows that tests have just erased, tell nothing.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (Lead, Call, Conversation, Message, RefusedSubmission, LogEntry):
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
