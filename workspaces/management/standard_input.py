"""Values of a command line that come by standard input, so that no list of processes shows them."""

import sys

from django.core.management.base import CommandError

VISIBLE = (
    "{name}: on a command line everybody on this machine can see it, and the shell's history "
    "keeps it. Write -, which reads a line from standard input.\n"
)


def value_of(name: str, text: str, *, is_secret: bool = False) -> str:
    """Return a value as it was written; for `-` the next line of standard input.

    name: what it is the value of. A secret that was written is taken, and standard error says
    who else can see it. Raises CommandError that names it where no line comes.
    """
    if text != "-":
        if is_secret and text:
            sys.stderr.write(VISIBLE.format(name=name))
        return text
    try:
        line = sys.stdin.readline().strip()
    except UnicodeDecodeError as error:
        raise CommandError(f"{name}: standard input is not text.") from error
    if not line:
        raise CommandError(f"{name}: standard input has no line for it.")
    return line
