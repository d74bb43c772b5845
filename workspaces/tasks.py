"""What workers do for accounts and members: the periodic tasks."""

from datetime import time

from django.contrib.sessions.models import Session
from django.utils import timezone

from coachbot.db.batches import batches
from coachbot.work import periodic
from workspaces.connections import calcom_events
from workspaces.members import invitations
from workspaces.notices import mail, posting, recording, spreading
from workspaces.webhooks import delivery, keeping, switched_off


@periodic.every(10, name="calcom-webhooks")
def look_after_webhooks() -> None:
    """Bring about, renew and remove the webhooks of workspaces at Cal.com."""
    calcom_events.settle()


@periodic.every(5, name="notices")
def tell() -> None:
    """Tell people what happened: each who wants to know, by mail and in channels."""
    spreading.spread()
    mail.send_due()
    posting.wake_due()


@periodic.daily(time(4, 20), name="old-notices")
def forget_notices() -> None:
    recording.forget_old()


@periodic.daily(time(4, 0), name="ended-sessions")
def clear_sessions() -> None:
    """Delete the sessions that have ended; in parts, as there may be years of them."""
    for batch in batches(Session.objects.filter(expire_date__lt=timezone.now())):
        keys = [session.pk for session in batch]
        Session.objects.filter(pk__in=keys, expire_date__lt=timezone.now()).delete()


@periodic.daily(time(4, 10), name="old-invitations")
def forget_invitations() -> None:
    """Delete what is left of invitations whose time was over long ago."""
    invitations.forget_old()


@periodic.every(1, name="webhook-events")
def send_events() -> None:
    """Send what no wake-up sent: retries, and what a worker that was killed left."""
    delivery.wake_due()


@periodic.every(5, name="webhooks-off")
def tell_of_endpoints_that_are_off() -> None:
    switched_off.tell()


@periodic.daily(time(4, 20), name="old-events")
def forget_events() -> None:
    keeping.forget_old()
