"""python manage.py migrate: Django's own, one at a time."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from coachbot.db import migrating


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with migrating.alone(connections[options["database"]]):
            super().handle(*args, **options)
