"""Having Cal.com report to a workspace: its webhook is made, looked after, and removed.

What is wanted follows from the stored account. Each webhook is a row, so that what Cal.com did
not do at once is done by the worker; a webhook that is missing undoes no connection, as bookings
are looked up, too.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Now
from django.urls import reverse

from coachbot import backoff
from coachbot.configuration.development import is_private
from coachbot.db import clock, leases
from coachbot.deadline import Deadline
from coachbot.providers import ProviderError
from coachbot.providers.calcom import asking, webhooks
from coachbot.providers.calcom.errors import CAUSES
from coachbot.providers.findings import Finding
from coachbot.providers.transport import Door
from coachbot.sealing import CannotUnseal, reseal, seal, unseal
from workspaces.connections import credentials
from workspaces.log import exchanges
from workspaces.models import CredentialKind, Subscription, SubscriptionState, Workspace

logger = logging.getLogger(__name__)

KIND = CredentialKind.CALCOM
WANTED, ACTIVE, LEAVING = SubscriptionState
BOUND_TO = "subscription"
# Seconds that a person waits for it; what is not done by then the worker does.
AT_ONCE = 3.0
ROUND_SECONDS = 20.0
TIMEOUT = 8.0
MOST_AT_ONCE = 50
LEASE = timedelta(seconds=30)
# By then a request that was under way when the account was changed has come to its end.
SETTLED_AFTER = timedelta(seconds=15)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
LOOKED_AFTER = timedelta(days=1)
# Of a webhook that Cal.com does not remove, at 15 s to an hour: two days.
MOST_FAREWELLS = 50
OUT_OF_REACH = "out_of_reach"  # the address of this Coachbot, for Cal.com
UNTIL_THEN = "Until then, bookings that move are found by looking them up, within the hour."


def bring_about(workspace: Workspace) -> list[Finding]:
    """Have Cal.com report as it should by the account that is stored now, and say how it stands.

    Takes up to AT_ONCE seconds, and raises nothing: what fails is tried again by the worker.
    """
    follow_account(workspace)
    events_url(workspace)  # the first look into the map of URLs loads all of it
    deadline = Deadline(AT_ONCE)
    for row in Subscription.objects.filter(workspace=workspace, due_at__lte=Now()):
        _try(row, deadline)
    return findings(workspace)


def findings(workspace: Workspace) -> list[Finding]:
    """Return whether Cal.com reports to a workspace, in a sentence; none without an account."""
    row = Subscription.objects.current().filter(workspace=workspace).first()
    if row is None:
        return []
    if row.state == ACTIVE and not row.error_code:
        return [Finding(True, "Cal.com reports bookings that are moved or cancelled.")]
    if row.error_code == OUT_OF_REACH:
        return [Finding(None, _out_of_reach())]
    why = f" {CAUSES.explain(row.error_code).meaning}" if row.error_code else ""
    return [
        Finding(
            None,
            f"Cal.com does not report bookings that move yet.{why} It is asked again by itself. "
            f"{UNTIL_THEN}",
        )
    ]


def _out_of_reach() -> str:
    return (
        f"Cal.com cannot report to {settings.PUBLIC_BASE_URL}: it needs a public address with "
        "HTTPS. Bookings that move are found by looking them up, within the hour."
    )


def follow_account(workspace: Workspace) -> None:
    """Write down which webhook is wanted by the stored account, and which is to be removed."""
    since = credentials.changed_at(workspace.pk, KIND)
    try:
        account = credentials.calcom_account(workspace.pk) if since else None
    except credentials.NotConnected:
        account = None
    except CannotUnseal:
        return  # whoever enters it again says what is wanted
    try:
        with transaction.atomic():
            _follow(workspace, account, since)
    except IntegrityError:
        logger.info("Another process follows the account of workspace %s", workspace.pk)


def _follow(workspace: Workspace, account: asking.Account | None, since: datetime | None) -> None:
    mine = Subscription.objects.current().filter(workspace=workspace)
    current = mine.select_for_update().first()
    if current and (account is None or current.event_type_id != account.event_type_id):
        _dismiss(Subscription.objects.filter(pk=current.pk))
        current = None
    if account is None:
        return
    fields = {
        "state": WANTED,
        "sealed": seal(vars(account), workspace.pk, BOUND_TO),
        "account_at": since,
        "due_at": clock.now(),
        "lease_until": None,
        "tries": 0,
    }
    if current:
        mine.update(**fields)
    else:
        Subscription.objects.create(
            workspace=workspace, event_type_id=account.event_type_id, **fields
        )


def _dismiss(rows: QuerySet[Subscription]) -> None:
    """Have webhooks removed: at once where they are known, else when they must be."""
    ended = {"state": LEAVING, "lease_until": None, "tries": 0, "error_code": ""}
    rows.filter(webhook_id="").update(due_at=leases.until(SETTLED_AFTER), **ended)
    rows.exclude(webhook_id="").update(due_at=Now(), **ended)


def look_again(workspace: Workspace) -> None:
    """Have the webhook of a workspace looked after soon, as its address has changed."""
    Subscription.objects.current().filter(workspace=workspace).update(
        state=WANTED, due_at=Now(), tries=0
    )


def say_farewell(workspace: Workspace) -> None:
    """Remove the webhooks of a workspace that is about to be deleted, if Cal.com does it now."""
    _dismiss(Subscription.objects.current().filter(workspace=workspace))
    deadline = Deadline(AT_ONCE)
    for row in Subscription.objects.filter(workspace=workspace):
        _try(row, deadline)


def settle() -> int:
    """Do what is due of all workspaces' webhooks. Return how many were tried.

    Safe at any time and from several processes at once: each row is claimed first.
    """
    for workspace in _astray():
        follow_account(workspace)
    tried, deadline = 0, Deadline(ROUND_SECONDS)
    due = leases.run_out(Subscription.objects.filter(due_at__lte=Now()))
    for row in due.select_related("workspace")[:MOST_AT_ONCE]:
        if not deadline.remaining():
            break
        tried += _try(row, deadline)
    return tried


def _astray() -> Iterator[Workspace]:
    """Yield the workspaces whose webhook is not that of the account which is stored."""
    rows = Subscription.objects.current()
    yield from credentials.strays(rows, KIND)
    left = rows.filter(~credentials.is_stored(KIND, "workspace"))
    for row in left.select_related("workspace"):
        yield row.workspace


def _try(row: Subscription, deadline: Deadline) -> bool:
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
    secret = credentials.calcom_secret(row.workspace)
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


def reseal_all() -> int:
    """Seal the accounts of all rows under the first key. Return how many were not."""
    # What no key opens is of the stored account, and made anew.
    resealed, _ = reseal(Subscription.objects.all(), lambda row: (row.workspace_id, BOUND_TO))
    return resealed
