"""What was sent to endpoints: /admin/<slug>/webhooks/sent. For admins and owners."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from coachbot.http.pages.form_pages import posted_from
from coachbot.http.pages.paging import paginate
from workspaces.access import workspace_member
from workspaces.forms.webhooks import DeliveryFilter
from workspaces.log import explain, record
from workspaces.log.actions import Action
from workspaces.models import Role, WebhookDelivery
from workspaces.webhooks import endpoints, keeping, reading, targets


@workspace_member(role=Role.ADMIN)
@require_safe
def list_deliveries(request):
    """GET .../webhooks/sent: newest first, a page at a time."""
    filters = DeliveryFilter(request.GET, workspace=request.workspace)
    context = paginate(request, _rows(request, filters))
    context |= {
        "filters": filters,
        "is_filtered": filters.is_valid() and any(filters.cleaned_data.values()),
    }
    return render(request, "workspaces/webhooks/deliveries.html", context)


@workspace_member(role=Role.ADMIN)
@require_safe
def show_delivery(request, delivery_id):
    """GET .../webhooks/sent/<id>: the body, and what came back at each attempt."""
    delivery = _find(request, delivery_id)
    context = {
        "delivery": delivery,
        "event": delivery.event,
        "body": explain.pretty(delivery.event.body),
        "attempts": delivery.attempts.order_by("-pk"),
        "has_lead": reading.has_lead(request.workspace, delivery),
    }
    return render(request, "workspaces/webhooks/delivery.html", context)


@workspace_member(role=Role.ADMIN)
@posted_from("webhook_delivery")
def send_again(request, delivery_id):
    """POST .../webhooks/sent/<id>/again"""
    delivery = _find(request, delivery_id)
    try:
        keeping.send_again(delivery)
    except endpoints.NotPossible as error:
        messages.error(request, str(error))
    else:
        _log(request, delivery)
        messages.success(request, "The event is on its way again, with the same id and bytes.")
    return redirect("webhook_delivery", slug=request.workspace.slug, delivery_id=delivery.pk)


def _log(request, delivery):
    record.action(
        workspace_id=request.workspace.pk,
        actor=request.user,
        action=Action.SEND_EVENTS_AGAIN,
        lead_id=delivery.lead_id,
        host=targets.host_of(delivery.endpoint.url),
        events=1,
    )


def _find(request, delivery_id) -> WebhookDelivery:
    rows = WebhookDelivery.objects.filter(workspace=request.workspace)
    return get_object_or_404(rows.select_related("endpoint", "event"), pk=delivery_id)


def _rows(request, filters):
    if not filters.is_valid():
        return WebhookDelivery.objects.none()
    return reading.deliveries(request.workspace, about_id=filters.about_id, **filters.cleaned_data)
