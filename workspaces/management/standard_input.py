"""Values of a command line that come by standard input, so that no list of processes shows them."""

import sys

from django.core.management.base import CommandError


def value_of(name: str, text: str) -> str:
    """Return a value as it was written; for `-` the next line of standard input.

    name: what it is the value of. Raises CommandError that names it where no line comes.
    """
    if text != "-":
        return text
    try:
        line = sys.stdin.readline().strip()
    except UnicodeDecodeError as error:
        raise CommandError(f"{name}: standard input is not text.") from error
    if not line:
        raise CommandError(f"{name}: standard input has no line for it.")
    return line
