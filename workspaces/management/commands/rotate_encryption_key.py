"""python manage.py rotate_encryption_key"""

from django.core.management.base import BaseCommand, CommandError

from coachbot.mail import sealed as mails
from workspaces.connections import credentials


class Command(BaseCommand):
    help = (
        "Seal every credential and every mail that waits under the first key of ENCRYPTION_KEY. "
        "Set it to NEW,OLD on every process first, run this, then remove OLD. Safe while servers "
        "run."
    )

    def handle(self, **options):
        resealed, unreadable = credentials.reseal_all()
        self.stdout.write(f"{resealed} credentials were sealed anew.")
        self.stdout.write(f"{mails.reseal_all()} mails that wait were sealed anew.")
        if unreadable:
            raise CommandError(
                "\n".join([*unreadable, "These were left as they are. Keep the old key."])
            )
        self.stdout.write("The old key can go now.")
