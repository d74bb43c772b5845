"""Settings that work and are hardly meant: web servers and workers say so at their start."""

import logging

from django.conf import settings

from coachbot.configuration import private_files

logger = logging.getLogger(__name__)

MAIL_IS_OFF = (
    "EMAIL_URL is not set, so mail is off: links for new passwords reach nobody, and "
    "invitations are links to hand over. Set it, or set passwords with manage.py changepassword."
)


def tell() -> None:
    """Log a sentence for each of them."""
    for complaint in (
        MAIL_IS_OFF if settings.MAIL_IS_OFF else "",
        private_files.complaint(settings.BASE_DIR / ".env"),
    ):
        if complaint:
            logger.warning(complaint)
