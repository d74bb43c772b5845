"""python manage.py apply_retention"""

from django.core.management.base import BaseCommand
from django.utils import timezone

from leads import erasure
from leads.intake import idempotency
from workspaces.models import Workspace


class Command(BaseCommand):
    help = (
        "Erase leads and log rows that are older than their workspace's retention_days, and "
        "forget the Idempotency-Keys of more than a day ago. "
        "Run it nightly; it is safe to stop it and to run it twice."
    )

    def handle(self, **options):
        now = timezone.now()
        for workspace in Workspace.objects.exclude(retention_days=None).order_by("pk"):
            erased = erasure.apply_retention(workspace, now)
            self.stdout.write(
                f"{workspace.slug}: {erased.leads} leads and {erased.log_rows} log rows erased."
            )
        self.stdout.write(f"{idempotency.purge_expired()} Idempotency-Keys forgotten.")
