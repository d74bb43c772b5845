"""When a worker was last seen. Written through the queue by a worker's thread, so that it tells of
the whole way that work takes; read by the metric and by the banner of the dashboard.
"""

import math
from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from coachbot.work.models import Heartbeat

EVERY = 15
AWAY_AFTER = timedelta(minutes=3)


def write() -> None:
    """Note that a worker works now."""
    Heartbeat.objects.update_or_create(pk=1, defaults={"seen_at": Now()})


def last_seen_seconds() -> float:
    """Return the seconds since a worker was seen; before the first one, since the migration."""
    ago = ExpressionWrapper(Now() - F("seen_at"), output_field=DurationField())
    found = Heartbeat.objects.values_list(ago, flat=True).first()
    return math.inf if found is None else max(0.0, found.total_seconds())


def away_since() -> datetime | None:
    """Return since when no worker was seen, None while there is one. One query."""
    away = Heartbeat.objects.filter(seen_at__lt=Now() - AWAY_AFTER)
    return away.values_list("seen_at", flat=True).first()
