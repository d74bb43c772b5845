"""When a worker was last seen. Written through the queue by a worker's thread, so that it tells of
the whole way that work takes; read by the metric and by the banner of the dashboard.
"""

import math
from datetime import datetime, timedelta

from django.db.models.functions import Coalesce, Now

from coachbot.db import clock
from coachbot.work.models import Heartbeat

EVERY = 15
AWAY_AFTER = timedelta(minutes=3)


def write() -> None:
    """Note that a worker works now, and since when none did where that was long."""
    away = Heartbeat.objects.filter(seen_at__lt=Now() - AWAY_AFTER)
    away.update(missed_since=Coalesce("missed_since", "seen_at"))
    Heartbeat.objects.update_or_create(pk=1, defaults={"seen_at": Now()})


def last_seen_seconds() -> float:
    """Return the seconds since a worker was seen; before the first one, since the migration."""
    seconds = clock.seconds_since(Heartbeat.objects.all(), "seen_at")
    return math.inf if seconds is None else seconds


def away_since() -> datetime | None:
    """Return since when no worker was seen, None while there is one. One query."""
    away = Heartbeat.objects.filter(seen_at__lt=Now() - AWAY_AFTER)
    return away.values_list("seen_at", flat=True).first()


def missed_since() -> datetime | None:
    """Return since when no worker was seen before the present one came; None once that is noted."""
    return Heartbeat.objects.values_list("missed_since", flat=True).first()


def forget_absence(since: datetime) -> None:
    """Note that it is known that no worker was there."""
    Heartbeat.objects.filter(missed_since=since).update(missed_since=None)
