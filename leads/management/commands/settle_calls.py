"""python manage.py settle_calls [--every SECONDS]"""

import logging
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from coachbot.db.connections import release_connection
from leads.agent import booking
from leads.calls import overdue, reconcile

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Find out what became of calls that nobody works on any more. Safe at any time."

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
        settled = reconcile.settle_dialing_calls()
        if not quiet or settled != reconcile.Settled():
            self.stdout.write(
                f"{settled.placed} placed, {settled.withdrawn} withdrawn, "
                f"{settled.still_open} still open, {settled.given_up} handed to a human."
            )
        closed = overdue.settle_open_calls()
        if not quiet or closed != overdue.Closed():
            self.stdout.write(
                f"Calls in progress: {closed.ended} ended, {closed.still_open} still open, "
                f"{closed.given_up} given up."
            )
        if bookings := booking.settle_bookings():
            self.stdout.write(f"Bookings whose answer was lost: {bookings} known now.")
