"""python manage.py hurry SLUG [--every SECONDS]"""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coachbot.db.connections import release_connection
from leads.contact.planned import claims
from workspaces.models import Workspace


class Command(BaseCommand):
    help = (
        "Make every call that is planned in a workspace due now, to see a plan of days in seconds "
        "with the sandbox. Only with DEBUG=1: real people wait for their time."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument(
            "--every", type=float, metavar="SECONDS", help="go on for ever, this often"
        )

    def handle(self, *, slug, every, **options):
        if not settings.DEBUG:
            raise CommandError("Only with DEBUG=1: people would be called before their time.")
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {slug!r}.")
        self.hurry(workspace)
        while every:
            release_connection()
            time.sleep(every)
            self.hurry(workspace)

    def hurry(self, workspace):
        number = claims.hurry(workspace)
        self.stdout.write(f"{number} planned call{'' if number == 1 else 's'} made due.")
