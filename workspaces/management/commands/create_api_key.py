"""python manage.py create_api_key SLUG --name NAME [--preset form|crm|full]"""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from workspaces import api_keys
from workspaces.management.refusals import refusal
from workspaces.models import Preset, Workspace


class Command(BaseCommand):
    help = "Make an API key. It is printed as the last line, and never shown again."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("--name", required=True, help="what the key is for")
        parser.add_argument(
            "--preset",
            default=Preset.FORM.value,
            help=f"what it may do: {', '.join(Preset.values)}; %(default)s unless set",
        )

    def handle(self, *, slug, name, preset, **options):
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {slug!r}.")
        try:
            row, key = api_keys.issue_key(workspace=workspace, name=name, preset=preset)
        except ValidationError as error:
            raise refusal(error) from error
        scopes = ", ".join(row.scopes)
        self.stdout.write(f"Key {row.prefix} of workspace {slug}, with {scopes}. Store it now:")
        self.stdout.write(key)
