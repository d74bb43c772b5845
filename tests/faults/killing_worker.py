"""python -m tests.faults.killing_worker: `manage.py work` that kills itself, see killing.py."""

import django
from django.core.management import call_command

from tests.faults import killing

django.setup()
killing.arm()
call_command("work")
