"""The settings that join a workspace to a provider, and Vapi's events and tools to it."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.pages.form_pages import posted_from
from coachbot.providers.findings import Finding
from workspaces.access import workspace_member
from workspaces.connections import accounts, credentials, vapi_setup
from workspaces.connections.connection import TakenElsewhere
from workspaces.connections.forms.registry import CONNECTIONS
from workspaces.models import Role
from workspaces.settings import administration
from workspaces.views import sections


def of_its_channel(view):
    """Answer 404 where the workspace has no use for the provider, as it talks in another way."""

    @wraps(view)
    def decorated(request, connection):
        if not connection.serves(request.workspace):
            raise Http404
        return view(request, connection)

    return decorated


@workspace_member(role=Role.ADMIN)
@of_its_channel
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request, connection):
    """GET .../settings/<provider> shows the account. POST stores another where the provider takes
    it; with `save_anyway`, whatever it says.
    """
    if request.method != "POST":
        return sections.page(request, connection.code)
    stored, _ = accounts.stored_account(request.workspace, connection)
    form = connection.form.posted(
        request.POST,
        stored=stored,
        workspace_id=request.workspace.pk,
        user_id=request.user.pk,
    )
    if not form.is_valid():
        return sections.page(request, connection.code, form=form)
    account = connection.account_type(**form.entered())
    try:
        findings = accounts.connect_verified(
            workspace=request.workspace,
            connection=connection,
            account=account,
            by=request.user,
            is_insisting="save_anyway" in request.POST,
        )
    except accounts.NotVerified as error:
        return sections.page(request, connection.code, form=form, refusal=error)
    except TakenElsewhere as error:
        form.add_error(error.field, str(error))
        return sections.page(request, connection.code, form=form)
    tell(request, findings)
    return sections.saved(request, connection.code, connection.words.saved, part="connection")


@workspace_member(role=Role.ADMIN)
@of_its_channel
@posted_from("connect")
def verify(request, connection):
    """POST .../settings/<provider>/verify: asks the provider, and says what is wrong."""
    try:
        findings = accounts.verify(
            workspace=request.workspace, connection=connection, by=request.user
        )
    except (credentials.NotConnected, credentials.CannotUnseal) as error:
        messages.error(request, str(error), extra_tags="connection")
        findings = []
    tell(request, findings)
    return redirect("connect", slug=request.workspace.slug, connection=connection)


@workspace_member(role=Role.ADMIN)
@of_its_channel
@require_http_methods(["GET", "HEAD", "POST"])
def disconnect(request, connection):
    """GET .../settings/<provider>/disconnect says what it will do; POST does it."""
    if request.method != "POST":
        context = {"connection": connection}
        return render(request, "workspaces/connection_disconnect.html", context)
    try:
        accounts.disconnect(workspace=request.workspace, connection=connection, by=request.user)
    except credentials.NotConnected as error:
        messages.error(request, str(error), extra_tags="connection")
        return redirect("connect", slug=request.workspace.slug, connection=connection)
    sentence = f"{connection.label} is disconnected."
    return sections.saved(request, connection.code, sentence, part="connection")


@workspace_member(role=Role.ADMIN)
@require_safe
def show_vapi_setup(request):
    """GET .../settings/vapi/events: the URLs and the secret to enter in Vapi."""
    try:
        setup = vapi_setup.vapi_setup(request.workspace)
    except credentials.CannotUnseal as error:
        messages.error(request, f"The secret cannot be read. {error}", extra_tags="events")
        return redirect(sections.address(request.workspace, "vapi"))
    found = {"setup": setup, "connection": CONNECTIONS["vapi"]}
    return render(request, "workspaces/vapi_setup.html", found)


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def renew_tool_secret(request):
    """GET .../settings/vapi/events/renew says what it will do; POST does it."""
    if request.method != "POST":
        return render(request, "workspaces/tool_secret_renew.html")
    administration.renew_tool_secret(workspace=request.workspace, by=request.user)
    messages.success(
        request,
        "The secret is new. Set the assistant up again, or enter it in Vapi: the old one is "
        "refused now.",
    )
    return redirect("vapi_setup", slug=request.workspace.slug)


def tell(request, findings: list[Finding]) -> None:
    """Say beside the account what its provider says of it."""
    tell = {True: messages.success, None: messages.warning, False: messages.error}
    for finding in findings:
        tell[finding.is_fine](request, finding.sentence, extra_tags="connection")
