"""python manage.py create_webhook SLUG URL [--events a,b]"""

from django.core.management.base import BaseCommand, CommandError

from workspaces.models import Workspace
from workspaces.webhooks import endpoints


class Command(BaseCommand):
    help = "Make a webhook endpoint. Its secret is printed as the last line, and never shown again."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument(
            "url", help="where events are sent to, such as https://example.com/events"
        )
        parser.add_argument(
            "--events", default="", help="types with commas between; all of them unless set"
        )

    def handle(self, *, slug, url, events, **options):
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {slug!r}.")
        try:
            endpoint, secret = endpoints.create(workspace, url, endpoints.read_types(events))
        except ValueError as error:
            raise CommandError(f"{error}") from error
        told = endpoint.types.replace(",", ", ") or "all events"
        self.stdout.write(f"{endpoint.url} of workspace {slug} gets {told}. Store its secret now:")
        self.stdout.write(secret)
