"""python manage.py do_not_call SLUG add|remove|check PHONE..."""

import sys

from django.core.management.base import BaseCommand, CommandError

from leads.contact.do_not_call import opt_outs
from leads.intake import phones
from leads.models import Way
from workspaces.models import Workspace


class Command(BaseCommand):
    help = "Put numbers on the do-not-call list of a workspace, take them off it, or look."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("deed", choices=["add", "remove", "check"])
        parser.add_argument(
            "phones", nargs="+", metavar="PHONE", help="- reads one a line from standard input"
        )

    def handle(self, *, slug, deed, **options):
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {slug!r}.")
        numbers = _numbers(options["phones"], workspace.default_country)
        if deed == "add":
            added = opt_outs.add(workspace, numbers, way=Way.COMMAND)
            self.stdout.write(f"{added} added, {len(numbers) - added} listed already.")
        elif deed == "remove":
            removed = opt_outs.remove(workspace, numbers)
            self.stdout.write(f"{removed} removed, {len(numbers) - removed} not listed.")
        else:
            for number in numbers:
                listed = opt_outs.is_listed(workspace.pk, number)
                self.stdout.write("listed" if listed else "not listed")


def _numbers(texts: list[str], country: str) -> list[str]:
    """Return the numbers in E.164 form. Raises CommandError that names each that is none."""
    lines = [line for text in texts for line in (sys.stdin if text == "-" else [text])]
    written = [line.strip() for line in lines if line.strip()]
    numbers, faults = opt_outs.read(written, country=country)
    if faults:
        raise CommandError(
            "\n".join(f"PHONE {text}: {phones.MESSAGE}" for text in faults) + "\nNothing was done."
        )
    return numbers
