"""python manage.py apply_retention"""

from django.core.management.base import BaseCommand

from leads import upkeep


class Command(BaseCommand):
    help = (
        "Erase leads and log rows that are older than their workspace's retention_days, and "
        "forget the Idempotency-Keys of more than a day ago. "
        "A worker does it nightly; it is safe to stop it and to run it twice."
    )

    def handle(self, **options):
        for sentence in upkeep.apply_retention():
            self.stdout.write(sentence)
