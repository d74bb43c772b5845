"""Sending what is due. Only workers do.

Whoever sends an event holds a lease on its delivery. A worker that is killed lets it run out, and
the same bytes go out again under the same id: each event comes at least once, and twice only where
a worker died, or lost the database, between the receiver's word and its own. Of one lead the next
event waits until the one before it has got through or was given up.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now

from coachbot import backoff
from coachbot.db import clock, leases
from coachbot.deadline import Deadline
from coachbot.work import engine
from workspaces.models import (
    DeliveryState,
    Off,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from workspaces.webhooks import schedule, sending
from workspaces.webhooks.places import PLACES
from workspaces.webhooks.sending import Outcome

logger = logging.getLogger(__name__)

# Longer than an endpoint is waited for (sending.TIMEOUT).
LEASE = timedelta(seconds=30)
# Seconds after which a thread begins no other delivery: a worker that is told to stop waits 25.
LONGEST_RUN = 8
# Of deliveries that are due several threads look at the same ones; each claims its own.
LOOKED_AT = 20


def pending() -> QuerySet[WebhookDelivery]:
    """Return the deliveries that are on their way."""
    return WebhookDelivery.objects.filter(state=DeliveryState.PENDING)


def switched_on() -> QuerySet[WebhookEndpoint]:
    """Return the endpoints to which is sent now."""
    rests = Q(rests_until__gt=Now())
    return WebhookEndpoint.objects.filter(~rests | Q(rests_until=None), off_because="")


def wake_due() -> int:
    """Have what is due sent, at each endpoint by one thread or more. Return for how many."""
    due = leases_run_out(pending().filter(endpoint=OuterRef("pk"), due_at__lte=Now()))
    found = list(switched_on().filter(Exists(due)).values_list("pk", flat=True))
    for endpoint_id in found:
        engine.wake(deliver, endpoint_id)
    return len(found)


def leases_run_out(rows: QuerySet[WebhookDelivery]) -> QuerySet[WebhookDelivery]:
    """Return those of some deliveries that nobody sends now."""
    return rows.filter(Q(lease_until=None) | Q(lease_until__lte=Now()))


@engine.task
def deliver(endpoint_id: int) -> None:
    """Send what is due at an endpoint, one event after the other, while there is a place for it."""
    endpoint = switched_on().filter(pk=endpoint_id).first()
    if endpoint is None or not PLACES.take(endpoint_id, is_failing=endpoint.is_failing):
        return
    try:
        deadline = Deadline(LONGEST_RUN)
        while deadline.remaining() and _deliver_one(endpoint_id):
            pass
    finally:
        PLACES.give_back(endpoint_id, is_failing=endpoint.is_failing)


def _due(endpoint_id: int) -> QuerySet[WebhookDelivery]:
    """Return the deliveries of an endpoint that may go out now: of each lead the first one."""
    before = pending().filter(
        endpoint=OuterRef("endpoint"),
        lead_id=OuterRef("lead_id"),
        sequence__lt=OuterRef("sequence"),
    )
    due = pending().filter(endpoint__in=switched_on().filter(pk=endpoint_id), due_at__lte=Now())
    return leases_run_out(due).filter(~Exists(before)).order_by("due_at", "id")


def _deliver_one(endpoint_id: int) -> bool:
    """Send one event that is due. Return whether to go on: it was taken, and there may be more."""
    for delivery_id in list(_due(endpoint_id).values_list("pk", flat=True)[:LOOKED_AT]):
        rows = pending().filter(pk=delivery_id, due_at__lte=Now())
        # Counted before, as an attempt may end the process.
        if lease := leases.claim(rows, LEASE, tries=F("tries") + 1):
            return _attempt(delivery_id, lease)
    return False


def _attempt(delivery_id: int, lease: datetime) -> bool:
    ours = leases.held(pending().filter(pk=delivery_id), lease)
    delivery = ours.select_related("endpoint", "event").first()
    if delivery is None:
        return True
    outcome = sending.send(delivery)
    _note(delivery, ours, outcome)
    return outcome.is_success


@transaction.atomic(durable=True)
def _note(delivery: WebhookDelivery, ours: QuerySet[WebhookDelivery], outcome: Outcome) -> None:
    """Write what came of an attempt, unless the delivery is another's or was dropped meanwhile."""
    now = clock.now()
    if not _write(delivery, ours, outcome, now):
        return
    WebhookAttempt.objects.create(
        delivery=delivery,
        at=now - timedelta(seconds=outcome.seconds),
        duration_ms=round(outcome.seconds * 1000),
        status_code=outcome.status,
        answer=outcome.answer,
        error=outcome.error,
    )
    rows = WebhookEndpoint.objects.filter(pk=delivery.endpoint_id)
    if outcome.is_success:
        _note_success(delivery.endpoint, rows)
    else:
        _note_failure(rows, outcome, now)


def _write(
    delivery: WebhookDelivery,
    ours: QuerySet[WebhookDelivery],
    outcome: Outcome,
    now: datetime,
) -> int:
    pause = None if outcome.is_success else schedule.pause_after(delivery.tries)
    if pause is not None:
        return ours.update(due_at=now + max(pause, outcome.wish), lease_until=None)
    ended = DeliveryState.DELIVERED if outcome.is_success else DeliveryState.GIVEN_UP
    return ours.update(state=ended, ended_at=now, lease_until=None)


def _note_success(known: WebhookEndpoint, rows: QuerySet[WebhookEndpoint]) -> None:
    """Forget the failures. What waits for an endpoint that is back after many goes out at once."""
    if not known.is_failing:
        return  # nor is it written: most attempts get through
    if rows.filter(failures__gte=schedule.FAILURES_BEFORE_REST).exists():
        pending().filter(endpoint__in=rows, due_at__gt=Now()).update(due_at=Now())
    rows.update(failures=0, failing_since=None, rests_until=None)


def _note_failure(rows: QuerySet[WebhookEndpoint], outcome: Outcome, now: datetime) -> None:
    rows.update(failures=F("failures") + 1, failing_since=Coalesce("failing_since", now))
    endpoint = rows.get()
    if outcome.is_gone:
        _switch_off(rows, Off.GONE, now)
    elif endpoint.failing_since and endpoint.failing_since <= now - schedule.GIVEN_UP_AFTER:
        _switch_off(rows, Off.FAILING, now)
    elif rest := max(_rest_after(endpoint.failures), outcome.wish):
        rows.update(rests_until=now + rest)


def _rest_after(failures: int) -> timedelta:
    """Return how long an endpoint rests that failed so often in a row."""
    more = failures - schedule.FAILURES_BEFORE_REST
    if more < 0:
        return timedelta(0)
    return backoff.pause(more, first=schedule.FIRST_REST, longest=schedule.LONGEST_REST)


def _switch_off(rows: QuerySet[WebhookEndpoint], because: Off, now: datetime) -> None:
    """Send nothing more. webhooks.switched_off tells people of it."""
    rows.filter(off_because="").update(off_because=because, off_at=now, off_told=False)


def oldest_undelivered_seconds() -> float:
    """Return the age of the oldest event that an endpoint which is on has not taken, else 0."""
    waiting = pending().filter(endpoint__off_because="")
    return clock.seconds_since(waiting, "event__created_at") or 0.0
