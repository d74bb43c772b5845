"""The settings that join a workspace to a provider, and Vapi's events and tools to it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.form_pages import posted_from
from workspaces.access import workspace_member
from workspaces.connections import accounts, credentials, vapi_setup
from workspaces.models import Role
from workspaces.settings import administration
from workspaces.views.settings import saved, settings_page


@workspace_member(role=Role.ADMIN)
@posted_from("settings")
def connect(request, connection):
    """POST .../settings/<provider>"""
    stored, _ = accounts.stored_account(request.workspace, connection)
    form = connection.form(request.POST, stored=stored)
    if not form.is_valid():
        return settings_page(request, **{connection.code: form})
    account = connection.account_type(**form.entered())
    accounts.connect(
        workspace=request.workspace, connection=connection, account=account, by=request.user
    )
    return saved(request, connection.words.saved)


@workspace_member(role=Role.ADMIN)
@posted_from("settings")
def verify(request, connection):
    """POST .../settings/<provider>/verify: asks the provider, and says what is wrong."""
    try:
        findings = accounts.verify(
            workspace=request.workspace, connection=connection, by=request.user
        )
    except (credentials.NotConnected, credentials.CannotUnseal) as error:
        messages.error(request, str(error))
        findings = []
    tell = {True: messages.success, None: messages.warning, False: messages.error}
    for finding in findings:
        tell[finding.is_fine](request, finding.sentence)
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
