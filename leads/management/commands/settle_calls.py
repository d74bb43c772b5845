"""python manage.py settle_calls [--every SECONDS]"""

import logging
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from coachbot.db.connections import release_connection
from leads import upkeep

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Find out what became of calls that nobody works on any more. "
        "A worker does it every 10 seconds; safe at any time."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--every", type=float, metavar="SECONDS", help="go on for ever, this often"
        )

    def handle(self, *, every, **options):
        self.settle()
        while every:
            release_connection()
            time.sleep(every)
            try:
                self.settle(quiet=True)
            except DatabaseError:
                logger.exception("Settling failed; it is tried again in %s s", every)

    def settle(self, quiet=False):
        for sentence in upkeep.settle(quiet=quiet):
            self.stdout.write(sentence)
