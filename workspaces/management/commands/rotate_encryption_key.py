"""python manage.py rotate_encryption_key"""

from django.core.management.base import BaseCommand, CommandError

from workspaces import credentials


class Command(BaseCommand):
    help = (
        "Seal every credential under the first key of ENCRYPTION_KEY. Set it to NEW,OLD on "
        "every process first, run this, then remove OLD. Safe while servers run."
    )

    def handle(self, **options):
        try:
            resealed = credentials.reseal_all()
        except credentials.CannotUnseal as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{resealed} credentials were sealed anew. The old key can go now.")
