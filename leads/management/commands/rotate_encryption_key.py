"""python manage.py rotate_encryption_key"""

from django.core.management.base import BaseCommand, CommandError

from coachbot.mail import sealed as mails
from leads.contact import opt_out_keys
from workspaces.connections import calcom_events, credentials


class Command(BaseCommand):
    help = (
        "Seal every credential, every mail that waits and the keys of the do-not-call list under "
        "the first key of ENCRYPTION_KEY. Set it to NEW,OLD on every process first, run this, "
        "then remove OLD. Safe while servers run."
    )

    def handle(self, **options):
        resealed, unreadable = credentials.reseal_all()
        resealed += calcom_events.reseal_all()
        self.stdout.write(f"{resealed} credentials were sealed anew.")
        self.stdout.write(f"{mails.reseal_all()} mails that wait were sealed anew.")
        self.stdout.write(f"{opt_out_keys.reseal_all()} keys of the do-not-call list, too.")
        if unreadable:
            raise CommandError(
                "\n".join([*unreadable, "These were left as they are. Keep the old key."])
            )
        self.stdout.write("The old key can go now.")
