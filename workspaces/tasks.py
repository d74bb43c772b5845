"""What workers do for accounts: the periodic tasks."""

from datetime import time

from django.contrib.sessions.models import Session
from django.utils import timezone

from coachbot.db.batches import batches
from coachbot.work import periodic


@periodic.daily(time(4, 0), name="ended-sessions")
def clear_sessions() -> None:
    """Delete the sessions that have ended; in parts, as there may be years of them."""
    for batch in batches(Session.objects.filter(expire_date__lt=timezone.now())):
        keys = [session.pk for session in batch]
        Session.objects.filter(pk__in=keys, expire_date__lt=timezone.now()).delete()
