"""What has to be right before a web server starts."""

import logging
import os
import sys

import django
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.utils.module_loading import import_string

from coachbot.configuration import complaints
from coachbot.db import connections
from coachbot.http import static_files

logger = logging.getLogger(__name__)

# The settings that say how many threads may wait for a provider.
PLACES = (
    *("CALLS_IN_FLIGHT", "CALLS_WAITING", "CALCOM_IN_FLIGHT"),
    *("TWILIO_IN_FLIGHT", "OPENAI_IN_FLIGHT"),
)


def check_start(processes: int) -> None:
    """Raise ImproperlyConfigured, with one sentence, where a setting is wrong.

    A database that is away, or not migrated yet, is no setting: it is left to /readyz.
    """
    if processes > 1 and not settings.REDIS_URL:
        raise ImproperlyConfigured(
            f"{processes} processes would each count rate limits for themselves. "
            "Set REDIS_URL, or set WEB_CONCURRENCY=1."
        )
    _check_threads()
    if not apps.ready:
        django.setup()
    import_string("workspaces.rate_limits.windows.check_rates")()
    complaints.tell()
    if missing := static_files.missing():
        logger.warning(missing)
    try:
        import_string("workspaces.connections.encryption.check_keys")()
        if complaint := connections.missing_time_limits():
            logger.warning(complaint)
    except DatabaseError as error:
        logger.warning("The database could not be checked: %s", error)


def _check_threads() -> None:
    """Raise ImproperlyConfigured where providers that hang could take every thread."""
    *most, last = PLACES
    taken = sum(getattr(settings, name) for name in PLACES)
    if taken >= settings.WEB_THREADS:
        raise ImproperlyConfigured(
            f"{', '.join(most)} and {last} may take {taken} of "
            f"{settings.WEB_THREADS} threads, which leaves none for reads. "
            f"Lower them, or set WEB_THREADS above {taken}."
        )


def main() -> int:
    """`python -m coachbot.server.start PROCESSES`: print what is wrong and return 1, else 0."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coachbot.settings")
    try:
        check_start(int(sys.argv[1]))
    except ImproperlyConfigured as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
