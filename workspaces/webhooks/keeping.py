"""What is kept of events: for how long, what an erasure leaves, and sending it again by hand."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from coachbot.db import clock
from coachbot.db.batches import batches
from workspaces.models import (
    DeliveryState,
    EventType,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    Workspace,
)
from workspaces.webhooks import endpoints, outbox

KEPT = timedelta(days=30)
BATCH = 500


def forget_lead(workspace_id: int, lead_id: uuid.UUID) -> None:
    """Empty what was told of a lead, and drop what was not told yet. The rows stay.

    In the transaction of the erasure.
    """
    deliveries = WebhookDelivery.objects.filter(workspace_id=workspace_id, lead_id=lead_id)
    undelivered = deliveries.filter(state=DeliveryState.PENDING)
    undelivered.update(state=DeliveryState.DROPPED, ended_at=Now(), lease_until=None)
    # A receiver may have repeated what it was sent.
    WebhookAttempt.objects.filter(delivery__in=deliveries).exclude(answer="").update(answer="")
    WebhookEvent.objects.filter(workspace_id=workspace_id, lead_id=lead_id).update(body="")


def send_again(delivery: WebhookDelivery) -> None:
    """Send one event again to its endpoint.

    Raises endpoints.NotPossible where that is off, and where nothing is left to send.
    """
    endpoints.require_on(delivery.endpoint)
    if not _again(WebhookDelivery.objects.filter(pk=delivery.pk)):
        raise endpoints.NotPossible("Nothing is left to send: the lead was erased.")
    outbox.wake([delivery.endpoint_id])


@transaction.atomic
def send_since(endpoint: WebhookEndpoint, since: datetime) -> int:
    """Send to an endpoint, in order, all that was told since a moment and that it wants to know.

    Return how many events that are. Raises endpoints.NotPossible where it is off.
    """
    endpoints.require_on(endpoint)
    told = WebhookEvent.objects.filter(
        workspace_id=endpoint.workspace_id, created_at__gte=since
    ).exclude(body="")
    wanted = told.filter(type__in=endpoint.type_list) if endpoint.types else told
    others = wanted.exclude(type=EventType.ENDPOINT_TEST)
    _add_missing(endpoint, others.exclude(deliveries__endpoint=endpoint))
    transaction.on_commit(lambda: outbox.wake([endpoint.pk]))
    return _again(WebhookDelivery.objects.filter(endpoint=endpoint, event__in=wanted))


def _add_missing(endpoint: WebhookEndpoint, events: QuerySet[WebhookEvent]) -> None:
    """Make the deliveries of what was told to other endpoints only."""
    now = clock.now()
    rows = (
        WebhookDelivery(
            workspace_id=endpoint.workspace_id,
            endpoint=endpoint,
            event_id=event.pk,
            created_at=event.created_at,
            lead_id=event.lead_id,
            sequence=event.sequence,
            due_at=now,
        )
        for event in events.only("id", "lead_id", "sequence", "created_at").order_by("created_at")
    )
    WebhookDelivery.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _again(deliveries: QuerySet[WebhookDelivery]) -> int:
    """Begin anew with some deliveries, as far as their bytes are kept."""
    return (
        deliveries.exclude(state=DeliveryState.DROPPED)
        .exclude(event__body="")
        .update(state=DeliveryState.PENDING, ended_at=None, tries=0, due_at=Now())
    )


def forget_old() -> None:
    """Delete what was told longer ago than it is kept, with its deliveries.

    Where the log is kept for less, so is what was delivered.
    """
    _forget(WebhookEvent.objects.all(), KEPT)
    shorter = Workspace.objects.filter(log_retention_days__lt=KEPT.days)
    for workspace_id, days in shorter.values_list("pk", "log_retention_days"):
        delivered = WebhookEvent.objects.exclude(deliveries__state=DeliveryState.PENDING)
        _forget(delivered.filter(workspace_id=workspace_id), timedelta(days=days or 0))


def _forget(events: QuerySet[WebhookEvent], after: timedelta) -> None:
    for batch in batches(events.filter(created_at__lt=clock.now() - after)):
        WebhookEvent.objects.filter(pk__in=[event.pk for event in batch]).delete()
