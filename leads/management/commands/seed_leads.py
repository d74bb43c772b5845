"""python manage.py seed_leads SLUG --leads 500 --rows 1000"""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leads.management import seeding
from workspaces.models import Workspace


class Command(BaseCommand):
    help = "Fill a workspace with made-up leads and log rows. Development only (DEBUG=1)."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("--leads", type=int, default=500)
        parser.add_argument("--rows", type=int, default=1000, help="of the log")
        parser.add_argument("--days", type=float, default=30, help="over which they are spread")

    def handle(self, *, slug, leads, rows, days, **options):
        if not settings.DEBUG:
            raise CommandError("These leads are made up. The command runs with DEBUG=1 only.")
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {slug!r}.")
        first = workspace.leads.count()
        seeding.seed(workspace, leads=leads, rows=rows, days=days, now=timezone.now(), first=first)
        self.stdout.write(f"{leads} leads and {rows} log rows are in {slug}.")
