"""Endpoints of webhooks: /admin/<slug>/webhooks. For admins and owners."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.pages.form_pages import posted_from
from coachbot.http.pages.sent_once import ShownOnce
from workspaces.access import workspace_member
from workspaces.forms.webhooks import EndpointForm, SendAgainForm
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import Role
from workspaces.webhooks import endpoints, keeping, reading, signing, targets


@workspace_member(role=Role.ADMIN)
@require_safe
def list_endpoints(request):
    """GET .../webhooks"""
    return _list_page(request, EndpointForm())


@workspace_member(role=Role.ADMIN)
@posted_from("webhooks")
def create_endpoint(request):
    """POST .../webhooks/create: the answer is the only page that ever shows the secret."""
    form = EndpointForm(request.POST)
    if not form.is_valid():
        return _list_page(request, form)
    try:
        endpoint, secret = endpoints.create(request.workspace, **form.cleaned_data, by=request.user)
    except ValueError as error:
        form.add_error("url", str(error))
        return _list_page(request, form)
    _log(request, Action.CREATE_WEBHOOK, endpoint)
    return _reveal(request, endpoint, secret, is_new=True)


@workspace_member(role=Role.ADMIN)
@require_safe
def show_endpoint(request, endpoint_id):
    """GET .../webhooks/<id>"""
    return _page(request, _find(request, endpoint_id))


@workspace_member(role=Role.ADMIN)
@posted_from("webhook")
def change_endpoint(request, endpoint_id):
    """POST .../webhooks/<id>/change: another address, other events."""
    endpoint, form = _find(request, endpoint_id), EndpointForm(request.POST)
    if not form.is_valid():
        return _page(request, endpoint, form=form)
    try:
        endpoints.change(endpoint, **form.cleaned_data)
    except ValueError as error:
        form.add_error("url", str(error))
        return _page(request, endpoint, form=form)
    endpoint.refresh_from_db()
    _log(request, Action.CHANGE_WEBHOOK, endpoint)
    messages.success(request, "The endpoint is changed, for what is sent from now on.")
    return _to(endpoint)


@workspace_member(role=Role.ADMIN)
@posted_from("webhook")
def test_endpoint(request, endpoint_id):
    """POST .../webhooks/<id>/test"""
    endpoint = _find(request, endpoint_id)
    try:
        endpoints.send_test(endpoint)
    except endpoints.NotPossible as error:
        messages.error(request, str(error))
    else:
        _log(request, Action.TEST_WEBHOOK, endpoint)
        messages.success(
            request, "A test is on its way. What came back is listed below in a moment."
        )
    return _to(endpoint)


@workspace_member(role=Role.ADMIN)
@posted_from("webhook")
def switch_endpoint(request, endpoint_id):
    """POST .../webhooks/<id>/switch: on where it is off, and off where it is on."""
    endpoint = _find(request, endpoint_id)
    if request.POST.get("to") == "on":
        endpoints.switch_on(endpoint)
        _log(request, Action.SWITCH_WEBHOOK_ON, endpoint)
        messages.success(request, "The endpoint is on. What waits for it is sent now.")
    else:
        endpoints.switch_off(endpoint)
        _log(request, Action.SWITCH_WEBHOOK_OFF, endpoint)
        messages.success(request, "The endpoint is off. What happens now is not kept for it.")
    return _to(endpoint)


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def rotate_secret(request, endpoint_id):
    """GET .../webhooks/<id>/rotate says what it will do; POST shows the new secret."""
    endpoint = _find(request, endpoint_id)
    if request.method != "POST":
        return render(request, "workspaces/webhooks/rotate.html", {"endpoint": endpoint})
    secret = endpoints.rotate(endpoint)
    _log(request, Action.ROTATE_WEBHOOK_SECRET, endpoint)
    return _reveal(request, endpoint, secret, is_new=False)


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def delete_endpoint(request, endpoint_id):
    """GET .../webhooks/<id>/delete says what it will do; POST does it."""
    endpoint = _find(request, endpoint_id)
    if request.method != "POST":
        return render(request, "workspaces/webhooks/delete.html", {"endpoint": endpoint})
    endpoints.delete(endpoint)
    _log(request, Action.DELETE_WEBHOOK, endpoint)
    messages.success(request, "The endpoint is deleted.")
    return redirect("webhooks", slug=request.workspace.slug)


@workspace_member(role=Role.ADMIN)
@posted_from("webhook")
def send_since(request, endpoint_id):
    """POST .../webhooks/<id>/send-since: all events again since a moment."""
    endpoint, form = _find(request, endpoint_id), SendAgainForm(request.POST)
    if not form.is_valid():
        return _page(request, endpoint, again=form)
    try:
        number = keeping.send_since(endpoint, form.cleaned_data["since"])
    except endpoints.NotPossible as error:
        form.add_error("since", str(error))
        return _page(request, endpoint, again=form)
    _log(request, Action.SEND_EVENTS_AGAIN, endpoint, events=number)
    messages.success(request, f"{number} events are on their way again.")
    return _to(endpoint)


def _find(request, endpoint_id):
    return get_object_or_404(request.workspace.webhook_endpoints, pk=endpoint_id)


def _to(endpoint):
    return redirect("webhook", slug=endpoint.workspace.slug, endpoint_id=endpoint.pk)


def _list_page(request, form):
    context = {"shown": reading.endpoints_of(request.workspace), "form": form}
    return render(request, "workspaces/webhooks/list.html", context)


def _page(request, endpoint, **forms):
    now = {"url": endpoint.url, "types": endpoint.type_list}
    context = {
        "endpoint": endpoint,
        "form": EndpointForm(initial=now),
        "again": SendAgainForm(),
        "deliveries": reading.deliveries(request.workspace, endpoint=endpoint).order_by(
            "-created_at", "-pk"
        )[:10],
        **forms,
    }
    return render(request, "workspaces/webhooks/endpoint.html", context)


def _reveal(request, endpoint, secret, *, is_new):
    """Show a secret for the only time; @workspace_member makes every answer `no-store`."""
    hours = signing.OVERLAP.total_seconds() / 3600
    context = {"endpoint": endpoint, "secret": secret, "is_new": is_new, "hours": f"{hours:.0f}"}
    return ShownOnce(
        render_to_string("workspaces/webhooks/secret.html", context, request),
        page=reverse("webhook", args=[request.workspace.slug, endpoint.pk]),
        said="That was already done, and its secret is shown only once. If you did not see it, "
        "replace it.",
    )


def _log(request, action, endpoint, **details):
    record.action(
        workspace_id=request.workspace.pk,
        actor=request.user,
        action=action,
        host=targets.host_of(endpoint.url),
        types=endpoint.type_list or ["*"],
        **details,
    )
