"""The settings that join a workspace to Cal.com, and Vapi's events and tools to it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workspaces.access import workspace_member
from workspaces.connections import credentials, vapi_setup
from workspaces.forms.settings import CalcomForm
from workspaces.models import Role
from workspaces.settings import administration
from workspaces.views.settings import saved, settings_page, stored_account, tell_findings


@workspace_member(role=Role.ADMIN)
@require_POST
def connect_calcom(request):
    """POST .../settings/calcom"""
    stored, _ = stored_account(credentials.calcom_account, request.workspace)
    form = CalcomForm(request.POST, stored=stored)
    if not form.is_valid():
        return settings_page(request, calcom=form)
    administration.connect_calcom(
        workspace=request.workspace, account=form.account(), by=request.user
    )
    return saved(request, "The Cal.com account is saved. Verify it to see whether it works.")


@workspace_member(role=Role.ADMIN)
@require_POST
def verify_calcom(request):
    """POST .../settings/calcom/verify: asks Cal.com, and says what is wrong."""
    try:
        findings = administration.verify_calcom(workspace=request.workspace, by=request.user)
    except (credentials.NotConnected, credentials.CannotUnseal) as error:
        messages.error(request, str(error))
        findings = []
    tell_findings(request, findings)
    return redirect("settings", slug=request.workspace.slug)


@workspace_member(role=Role.ADMIN)
@require_safe
def show_vapi_setup(request):
    """GET .../settings/vapi/events: the URLs and the secret to enter in Vapi."""
    try:
        setup = vapi_setup.vapi_setup(request.workspace)
    except credentials.CannotUnseal as error:
        messages.error(request, f"The secret cannot be read. {error}")
        return redirect("settings", slug=request.workspace.slug)
    return render(request, "workspaces/vapi_setup.html", {"setup": setup})


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def renew_tool_secret(request):
    """GET .../settings/vapi/events/renew says what it will do; POST does it."""
    if request.method != "POST":
        return render(request, "workspaces/tool_secret_renew.html")
    administration.renew_tool_secret(workspace=request.workspace, by=request.user)
    messages.success(request, "The secret is new. Enter it in Vapi: the old one is refused now.")
    return redirect("vapi_setup", slug=request.workspace.slug)
