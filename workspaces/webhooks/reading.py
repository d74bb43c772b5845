"""Reads over what was sent: deliveries with their events, and what the pages say of them."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from workspaces.log.queries import in_days
from workspaces.models import (
    DeliveryState,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    Workspace,
)


@dataclass(frozen=True)
class Shown:
    """An endpoint, and how many deliveries of it are on their way."""

    endpoint: WebhookEndpoint
    waiting: int


def endpoints_of(workspace: Workspace) -> list[Shown]:
    """Return the endpoints of a workspace, in the order in which they were made."""
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.PENDING))
    rows = workspace.webhook_endpoints.annotate(waiting=waiting).order_by("pk")
    return [Shown(endpoint, endpoint.waiting) for endpoint in rows]


def deliveries(
    workspace: Workspace,
    *,
    state: str = "",
    type: str = "",
    endpoint: WebhookEndpoint | None = None,
    since: date | None = None,
    until: date | None = None,
    about: str = "",
    about_id: uuid.UUID | None = None,
) -> QuerySet[WebhookDelivery]:
    """Return deliveries that fit, without the bodies, each with the `status` of its last attempt.

    since, until: days of the events, in the current time zone, both included. about: a request
    id. about_id: beside it, that of a lead or an event.
    """
    last = WebhookAttempt.objects.filter(delivery=OuterRef("pk")).order_by("-pk")
    found = WebhookDelivery.objects.filter(workspace=workspace).annotate(
        status=Subquery(last.values("status_code")[:1]),
    )
    for column, value in (("state", state), ("event__type", type), ("endpoint", endpoint)):
        if value:
            found = found.filter(**{column: value})
    if about:
        of_id = Q(lead_id=about_id) | Q(event_id=about_id) if about_id else Q()
        found = found.filter(Q(event__request_id=about) | of_id)
    found = in_days(found, since, until)
    return found.select_related("endpoint", "event").defer("event__body", "endpoint__sealed")


def has_lead(workspace: Workspace, delivery: WebhookDelivery) -> bool:
    """Return whether the lead that a delivery tells of is there to see."""
    known = delivery.lead_id is not None
    return known and workspace.leads.accepted().filter(pk=delivery.lead_id).exists()
