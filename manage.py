#!/usr/bin/env python
"""Django's command line for Coachbot."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError
from django.utils.module_loading import import_string


def main():
    """Run the command named in argv; a wrong setting or an empty database ends it in a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coachbot.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Coachbot cannot start: {error}")
    except DatabaseError:
        if trouble := import_string("coachbot.health.database_trouble")():
            sys.exit(trouble)
        raise


if __name__ == "__main__":
    main()
