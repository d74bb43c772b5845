"""One webhook at Cal.com: made or removed as its row asks, by whoever holds the lease on that.

What is wanted is calcom_events' to say. A failure is noted in the row, which is tried again.
"""

import logging
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Now
from django.urls import reverse

from coachbot import backoff
from coachbot.configuration.development import is_private
from coachbot.db import leases
from coachbot.deadline import Deadline
from coachbot.providers import ProviderError
from coachbot.providers.calcom import asking, webhooks
from coachbot.providers.transport import Door
from coachbot.sealing import CannotUnseal, unseal
from workspaces.connections import own_secrets
from workspaces.log import exchanges
from workspaces.models import Subscription, SubscriptionState, Workspace

logger = logging.getLogger(__name__)

WANTED, ACTIVE, LEAVING = SubscriptionState
BOUND_TO = "subscription"
TIMEOUT = 8.0
LEASE = timedelta(seconds=30)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
LOOKED_AFTER = timedelta(days=1)
# Of a webhook that Cal.com does not remove, at 15 s to an hour: two days.
MOST_FAREWELLS = 50
OUT_OF_REACH = "out_of_reach"  # the address of this Coachbot, for Cal.com


def settle_one(row: Subscription, deadline: Deadline) -> bool:
    """Do what a row asks for, if nobody else does. Return whether it was tried."""
    lease = leases.claim(Subscription.objects.filter(pk=row.pk), LEASE)
    if lease is None:
        return False
    held = leases.held(Subscription.objects.filter(pk=row.pk, state=row.state), lease)
    try:
        account = asking.Account(**unseal(row.sealed, row.workspace_id, BOUND_TO))
        (_leave if row.state == LEAVING else _subscribe)(row, account, held, deadline)
    except ProviderError as error:
        _note_failure(row, held, error.code)
    except CannotUnseal:
        logger.warning("The account of subscription %s cannot be opened", row.pk)
        _note_failure(row, held, "calcom.unreadable")
    return True


def _subscribe(
    row: Subscription,
    account: asking.Account,
    held: QuerySet[Subscription],
    deadline: Deadline,
) -> None:
    url = events_url(row.workspace)
    if not is_in_reach():
        later = leases.until(LOOKED_AFTER)
        held.update(state=WANTED, error_code=OUT_OF_REACH, due_at=later, lease_until=None)
        return
    secret = own_secrets.calcom_secret(row.workspace)
    door = exchanges.door(row.workspace_id)
    ours = _ours(door, account, row, url, deadline)
    known = ours[0] if ours else ""
    webhook_id = webhooks.subscribe(
        door, account, url=url, secret=secret, webhook_id=known, deadline=deadline
    )
    for twin in ours[1:]:
        webhooks.unsubscribe(door, account, twin, timeout=_left(deadline))
    held.update(
        state=ACTIVE,
        webhook_id=webhook_id,
        url=url,
        subscribed_at=Coalesce(F("subscribed_at"), Now()),
        error_code="",
        failed_since=None,
        tries=0,
        due_at=leases.until(LOOKED_AFTER),
        lease_until=None,
    )


def _leave(
    row: Subscription,
    account: asking.Account,
    held: QuerySet[Subscription],
    deadline: Deadline,
) -> None:
    door = exchanges.door(row.workspace_id)
    known = [row.webhook_id] if row.webhook_id else []
    url = row.url or events_url(row.workspace)
    for webhook_id in known or _ours(door, account, row, url, deadline):
        webhooks.unsubscribe(door, account, webhook_id, timeout=_left(deadline))
    held.delete()


def _ours(
    door: Door,
    account: asking.Account,
    row: Subscription,
    url: str,
    deadline: Deadline,
) -> list[str]:
    """Return the ids of the event type's webhooks that are ours: by our address, or by its id."""
    listed = webhooks.list_webhooks(door, account, timeout=_left(deadline))
    ours = [one.id for one in listed if one.url == url or one.id == row.webhook_id]
    return sorted(ours, key=lambda one: one != row.webhook_id)


def _note_failure(row: Subscription, held: QuerySet[Subscription], code: str) -> None:
    if row.state == LEAVING and row.tries >= MOST_FAREWELLS:
        logger.warning("A webhook of workspace %s could not be removed", row.workspace_id)
        held.delete()
        return
    pause = backoff.pause(row.tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
    held.update(
        error_code=code,
        failed_since=Coalesce(F("failed_since"), Now()),
        tries=F("tries") + 1,
        due_at=leases.until(pause),
        lease_until=None,
        # One that is there stays so until it is known not to be.
        state=row.state,
    )


def _left(deadline: Deadline) -> float:
    return min(TIMEOUT, deadline.remaining())


def is_in_reach() -> bool:
    """Return whether Cal.com can post to this Coachbot.

    The hosted one calls public addresses over HTTPS only; one that runs in a private network may
    call others there.
    """
    if is_private(urlsplit(settings.CALCOM_BASE_URL).hostname or ""):
        return True
    public = urlsplit(settings.PUBLIC_BASE_URL)
    return public.scheme == "https" and not is_private(public.hostname or "")


def events_url(workspace: Workspace) -> str:
    """Return where Cal.com reports to a workspace."""
    return settings.PUBLIC_BASE_URL + reverse("calcom_events", args=[workspace.slug])
