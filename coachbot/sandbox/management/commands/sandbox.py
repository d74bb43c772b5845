"""manage.py sandbox: the same as `python -m coachbot.sandbox`, where DEBUG=1."""

from django.core.management.base import BaseCommand

from coachbot.sandbox import command_line


class Command(BaseCommand):
    """Runs the sandbox until it is told to stop."""

    help = command_line.ABOUT
    # It needs no database and no valid settings beyond the ones that Django itself asks for.
    requires_system_checks = []

    def add_arguments(self, parser):
        command_line.add_arguments(parser)

    def handle(self, *args, **options):
        command_line.run(options)
