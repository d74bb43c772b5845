"""python manage.py work [--threads N]"""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coachbot.configuration.environment import MOST_WORK_THREADS
from coachbot.work import worker


class Command(BaseCommand):
    help = (
        "Do what is due, until SIGTERM or Ctrl-C. Any number of workers may run at the same time."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--threads", metavar="N", help=f"tasks at once (default: {settings.WORK_THREADS})"
        )

    def handle(self, *, threads, **options):
        worker.work(threads=settings.WORK_THREADS if threads is None else read(threads))


def read(threads: str) -> int:
    """Return the number of threads. Raises CommandError."""
    try:
        number = int(threads)
    except ValueError:
        number = 0
    if not 1 <= number <= MOST_WORK_THREADS:
        raise CommandError(
            f"--threads cannot be read. Write a number from 1 to {MOST_WORK_THREADS}."
        )
    return number
