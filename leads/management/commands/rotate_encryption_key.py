"""python manage.py rotate_encryption_key"""

from django.core.management.base import BaseCommand, CommandError

from coachbot.mail import sealed as mails
from leads.contact.do_not_call import opt_out_keys
from leads.intake_addresses import tokens
from workspaces.connections import calcom_events, encryption
from workspaces.connections.assistant import kept
from workspaces.notices import channel
from workspaces.webhooks import signing


class Command(BaseCommand):
    help = (
        "Seal every credential, every mail that waits, the keys of the do-not-call list, the "
        "addresses of forms and channels, the secrets of webhooks and what stood on assistants "
        "before they were set up under the first key of ENCRYPTION_KEY. Set it to NEW,OLD on "
        "every process first, run this, then remove OLD. Safe while servers run."
    )

    def handle(self, **options):
        resealed, unreadable = encryption.reseal_all()
        resealed += calcom_events.reseal_all()
        self.stdout.write(f"{resealed} credentials were sealed anew.")
        self.stdout.write(f"{mails.reseal_all()} mails that wait were sealed anew.")
        self.stdout.write(f"{opt_out_keys.reseal_all()} keys of the do-not-call list, too.")
        addresses, left = tokens.reseal_all()
        self.stdout.write(f"{addresses} addresses of forms, too.")
        self.stdout.write(f"{channel.reseal_all()} addresses of channels, too.")
        secrets, unopened = signing.reseal_all()
        self.stdout.write(f"{secrets} secrets of webhooks, too.")
        assistants, closed = kept.reseal_all()
        self.stdout.write(f"{assistants} ways back of assistants, too.")
        if unreadable := [*unreadable, *left, *unopened, *closed]:
            raise CommandError(
                "\n".join([*unreadable, "These were left as they are. Keep the old key."])
            )
        self.stdout.write("The old key can go now.")
