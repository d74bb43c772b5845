from django.apps import AppConfig
from django.db.backends.signals import connection_created

from coachbot.db import connections


class DbConfig(AppConfig):
    name = "coachbot.db"

    def ready(self) -> None:
        connection_created.connect(connections.watch, dispatch_uid="coachbot.db.watch")
