"""python manage.py disconnect SLUG PROVIDER"""

from django.core.management.base import BaseCommand, CommandError

from workspaces.connections import accounts, credentials
from workspaces.connections.forms.registry import CONNECTIONS
from workspaces.models import Workspace


class Command(BaseCommand):
    help = "Forget a workspace's account at a provider, and end there what went with it."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("provider", help=", ".join(CONNECTIONS))

    def handle(self, *, slug, provider, **options):
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {slug!r}.")
        if provider not in CONNECTIONS:
            raise CommandError(
                f"{provider}: no such provider. There are: {', '.join(CONNECTIONS)}."
            )
        connection = CONNECTIONS[provider]
        try:
            accounts.disconnect(workspace=workspace, connection=connection, by=None)
        except credentials.NotConnected as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{workspace.slug} is disconnected from {connection.label}.")
