"""Where no mail server is set: mails are printed, in production without what they would open."""

import logging
import re

from django.conf import settings
from django.core.mail.backends.console import EmailBackend

from coachbot.observability.masking import MASK

LINK = re.compile(r"(https?://[^\s/]*/)\S+", re.IGNORECASE)

logger = logging.getLogger(__name__)


class Printed(EmailBackend):
    """Prints mails for who develops. In production they become a log line without its links."""

    def write_message(self, message):
        if settings.DEBUG:
            return super().write_message(message)
        text = LINK.sub(rf"\1{MASK}", f"{message.subject}\n\n{message.body}")
        logger.warning("Mail is off. This one to %s was not sent: %s", message.recipients(), text)
