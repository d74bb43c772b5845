"""python manage.py revoke_api_key PREFIX"""

from django.core.management.base import BaseCommand, CommandError

from workspaces import api_keys


class Command(BaseCommand):
    help = "Revoke an API key by the 8 characters after ck_live_."

    def add_arguments(self, parser):
        parser.add_argument("prefix")

    def handle(self, *, prefix, **options):
        try:
            row = api_keys.revoke_key(prefix)
        except api_keys.NoSuchKey as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Key {row.prefix} is revoked since {row.revoked_at:%Y-%m-%d %H:%M} UTC.")
