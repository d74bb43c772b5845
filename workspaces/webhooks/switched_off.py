"""Telling people, and other systems, that an endpoint went off by itself."""

from django.db import transaction
from django.utils import timezone

from workspaces.models import Off, WebhookEndpoint
from workspaces.notices import recording
from workspaces.webhooks import alerts, targets

CODE, ACTION = "webhook.off", "Webhook endpoint switched off"
WHY = {
    Off.GONE: "Its receiver answered 410 Gone.",
    Off.FAILING: "For three days nothing got through. What happens is kept for it.",
}


def tell() -> None:
    """Tell of each endpoint that went off, once. Safe from several processes at once."""
    untold = WebhookEndpoint.objects.filter(off_told=False).exclude(off_because="")
    for endpoint in untold:
        _tell(endpoint)


@transaction.atomic(durable=True)
def _tell(endpoint: WebhookEndpoint) -> None:
    if WebhookEndpoint.objects.filter(pk=endpoint.pk, off_told=False).update(off_told=True):
        host, why = targets.host_of(endpoint.url), WHY[Off(endpoint.off_because)]
        error = f"{host} gets no events any more. {why} Switch it on again under Webhooks."
        alerts.tell(endpoint.workspace_id, code=CODE, action=ACTION, error=error)
        recording.endpoint_off(
            endpoint.workspace_id,
            endpoint=f"webhook-{endpoint.pk}",
            text=error,
            at=endpoint.off_at or timezone.now(),
            path=f"webhooks/{endpoint.pk}",
        )
