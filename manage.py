#!/usr/bin/env python
"""Django's command line for Coachbot."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import DatabaseError
from django.utils.module_loading import import_string

from coachbot.configuration import environment


def main():
    """Run the command named in argv; a wrong setting or an empty database ends it in a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coachbot.settings")
    try:
        with environment.one_sentence():
            execute_from_command_line(sys.argv)
    except DatabaseError:
        if trouble := import_string("coachbot.observability.health.database_trouble")():
            sys.exit(trouble)
        raise


if __name__ == "__main__":
    main()
