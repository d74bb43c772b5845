"""python manage.py vapi_setup SLUG"""

import json

from django.core.management.base import BaseCommand, CommandError

from workspaces.connections import vapi_setup
from workspaces.connections.credentials import CannotUnseal
from workspaces.models import Workspace


class Command(BaseCommand):
    help = "Print as JSON what to enter in Vapi: the events URL, the tool secret, the tools' URLs."

    def add_arguments(self, parser):
        parser.add_argument("slug")

    def handle(self, *, slug, **options):
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {slug!r}.")
        try:
            setup = vapi_setup.vapi_setup(workspace)
        except CannotUnseal as error:
            raise CommandError(str(error)) from error
        lines = {
            "eventsUrl": setup.events_url,
            "toolSecret": setup.tool_secret,
            "tools": setup.tools,
        }
        self.stdout.write(json.dumps(lines, indent=2))
