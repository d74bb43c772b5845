"""Settings of a machine whose clock is wrong: the process sees another time, the database does not.

libfaketime would do so from farther outside, but threads that wait hang under it.
"""

import os
from datetime import timedelta

from django.utils import timezone

from coachbot.settings import *  # noqa: F403

_now = timezone.now
timezone.now = lambda: _now() + timedelta(seconds=float(os.environ["CLOCK_AHEAD_BY"]))
