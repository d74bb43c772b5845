"""Having Cal.com report to a workspace: its webhook is made, looked after, and removed.

What is wanted follows from the stored account. Each webhook is a row, so that what Cal.com did
not do at once is done by the worker; a webhook that is missing undoes no connection, as bookings
are looked up, too.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from coachbot.db import clock, leases
from coachbot.deadline import Deadline
from coachbot.providers.calcom import asking
from coachbot.providers.calcom.errors import CAUSES
from coachbot.providers.findings import Finding
from coachbot.sealing import CannotUnseal, reseal, seal
from workspaces.connections import calcom_webhooks, credentials
from workspaces.models import CredentialKind, Subscription, SubscriptionState, Workspace

logger = logging.getLogger(__name__)

KIND = CredentialKind.CALCOM
WANTED, ACTIVE, LEAVING = SubscriptionState
# Seconds that a person waits for it; what is not done by then the worker does.
AT_ONCE = 3.0
ROUND_SECONDS = 20.0
MOST_AT_ONCE = 50
# By then a request that was under way when the account was changed has come to its end.
SETTLED_AFTER = timedelta(seconds=15)
UNTIL_THEN = "Until then, bookings that move are found by looking them up, within the hour."


def bring_about(workspace: Workspace) -> list[Finding]:
    """Have Cal.com report as it should by the account that is stored now, and say how it stands.

    Takes up to AT_ONCE seconds, and raises nothing: what fails is tried again by the worker.
    """
    follow_account(workspace)
    calcom_webhooks.events_url(workspace)  # the first look into the map of URLs loads all of it
    deadline = Deadline(AT_ONCE)
    for row in Subscription.objects.filter(workspace=workspace, due_at__lte=Now()):
        calcom_webhooks.settle_one(row, deadline)
    return findings(workspace)


def findings(workspace: Workspace) -> list[Finding]:
    """Return whether Cal.com reports to a workspace, in a sentence; none without an account."""
    row = Subscription.objects.current().filter(workspace=workspace).first()
    if row is None:
        return []
    if row.state == ACTIVE and not row.error_code:
        return [Finding(True, "Cal.com reports bookings that are moved or cancelled.")]
    if row.error_code == calcom_webhooks.OUT_OF_REACH:
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
        "sealed": seal(vars(account), workspace.pk, calcom_webhooks.BOUND_TO),
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
        calcom_webhooks.settle_one(row, deadline)


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
        tried += calcom_webhooks.settle_one(row, deadline)
    return tried


def _astray() -> Iterator[Workspace]:
    """Yield the workspaces whose webhook is not that of the account which is stored."""
    rows = Subscription.objects.current()
    yield from credentials.strays(rows, KIND)
    left = rows.filter(~credentials.is_stored(KIND, "workspace"))
    for row in left.select_related("workspace"):
        yield row.workspace


def reseal_all() -> int:
    """Seal the accounts of all rows under the first key. Return how many were not."""
    # What no key opens is of the stored account, and made anew.
    resealed, _ = reseal(
        Subscription.objects.all(), lambda row: (row.workspace_id, calcom_webhooks.BOUND_TO)
    )
    return resealed
