"""API keys: /admin/<slug>/api-keys. For admins and owners."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.pages.form_pages import posted_from
from coachbot.http.pages.sent_once import ShownOnce
from workspaces import api_keys
from workspaces.access import workspace_member
from workspaces.forms.pages import ApiKeyForm
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import Role


@workspace_member(role=Role.ADMIN)
@require_safe
def list_keys(request):
    """GET .../api-keys"""
    return _list_page(request, ApiKeyForm())


@workspace_member(role=Role.ADMIN)
@posted_from("api_keys")
def create_key(request):
    """POST .../api-keys/create: the answer is the only page that ever shows the key."""
    form = ApiKeyForm(request.POST)
    if not form.is_valid():
        return _list_page(request, form)
    row, key = api_keys.issue_key(
        workspace=request.workspace, **form.cleaned_data, created_by=request.user
    )
    _log(request, Action.CREATE_API_KEY, row)
    return _reveal(request, row, key)


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_key(request, prefix):
    """GET .../api-keys/<prefix>/revoke says what it will do; POST does it."""
    row = get_object_or_404(request.workspace.api_keys, prefix=prefix)
    if request.method != "POST":
        return render(request, "workspaces/api_key_revoke.html", {"key": row})
    api_keys.revoke_key(row.prefix, workspace=request.workspace)
    _log(request, Action.REVOKE_API_KEY, row)
    messages.success(request, f"“{row.name}” is revoked. Requests with it are refused from now on.")
    return redirect("api_keys", slug=request.workspace.slug)


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def replace_key(request, prefix):
    """GET .../api-keys/<prefix>/replace asks when the old one ends; POST shows the new one."""
    old = get_object_or_404(request.workspace.api_keys, prefix=prefix, revoked_at=None)
    if request.method != "POST":
        return render(request, "workspaces/api_key_replace.html", {"key": old})
    revoke_now = request.POST.get("old") == "revoke"
    row, key = api_keys.replace_key(old, created_by=request.user, revoke_now=revoke_now)
    _log(request, Action.REPLACE_API_KEY, row, replaces=old.prefix, old_revoked=revoke_now)
    return _reveal(request, row, key, replaced=old, is_old_live=not revoke_now)


def _list_page(request, form):
    rows = request.workspace.api_keys.select_related("created_by")
    # Those that work first, then by age.
    keys = sorted(rows.order_by("-created_at"), key=lambda row: row.is_revoked)
    return render(request, "workspaces/api_keys.html", {"keys": keys, "form": form})


def _reveal(request, row, key, **context):
    """Show a key for the only time; @workspace_member makes every answer `no-store`."""
    context |= {"row": row, "key": key, "base_url": settings.PUBLIC_BASE_URL}
    return ShownOnce(
        render_to_string("workspaces/api_key_created.html", context, request),
        page=reverse("api_keys", args=[request.workspace.slug]),
        said=f"“{row.name}” was already created, and its key is shown only once. If you did not "
        "see it, replace it.",
    )


def _log(request, action, row, **details):
    record.action(
        workspace_id=request.workspace.pk,
        actor=request.user,
        action=action,
        name=row.name,
        prefix=row.prefix,
        scopes=row.scopes,
        **details,
    )
