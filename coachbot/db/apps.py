"""What happens to each connection to the database."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from coachbot.configuration import private_files
from coachbot.db import connections


class DatabaseConfig(AppConfig):
    name = "coachbot.db"

    def ready(self) -> None:
        connection_created.connect(close_sqlite_to_others)
        connection_created.connect(connections.watch)


def close_sqlite_to_others(connection: BaseDatabaseWrapper, **event: Any) -> None:
    """Keep the file of a SQLite database, which may just have been made, to its owner."""
    if connection.vendor == "sqlite":
        private_files.close_to_others(Path(connection.settings_dict["NAME"]))
