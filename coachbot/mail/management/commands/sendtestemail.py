"""python manage.py sendtestemail ADDRESS..."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Send a mail at once, past the outbox, to see whether EMAIL_URL is right."

    def add_arguments(self, parser):
        parser.add_argument("email", nargs="+", metavar="ADDRESS")

    def handle(self, *, email, **options):
        connection = get_connection(settings.MAIL_BACKEND)
        text = f"Coachbot at {settings.PUBLIC_BASE_URL} can send mails."
        message = EmailMessage("Test of Coachbot", text, to=email, connection=connection)
        try:
            message.send()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise CommandError(f"The mail was not taken: {error}") from error
