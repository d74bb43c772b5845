from pathlib import Path

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from coachbot.configuration import private_files


class DatabaseConfig(AppConfig):
    name = "coachbot.db"

    def ready(self):
        connection_created.connect(close_sqlite_to_others)


def close_sqlite_to_others(connection, **event):
    """Keep the file of a SQLite database, which may just have been made, to its owner."""
    if connection.vendor == "sqlite":
        private_files.close_to_others(Path(connection.settings_dict["NAME"]))
