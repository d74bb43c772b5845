"""The settings page: /admin/<slug>/settings. One view for each of its sections' buttons.

A form that is filled in wrongly shows the page again, with what was typed.
"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.form_pages import posted_from
from workspaces.access import workspace_member
from workspaces.connections import accounts
from workspaces.connections.forms.registry import CONNECTIONS
from workspaces.forms.settings import DeletionForm, GeneralForm, LimitsForm, MemberForm
from workspaces.members import invitations
from workspaces.models import Role
from workspaces.settings import administration
from workspaces.settings.onboarding import SlugTaken


def settings_page(request, **filled_in):
    """Return the page. filled_in: the form of a section that was not right, by its name."""
    workspace = request.workspace
    forms = {
        "general": GeneralForm(initial={"name": workspace.name, "slug": workspace.slug}),
        "limits": LimitsForm(initial=vars(workspace), prefix="limits"),
        "member": MemberForm(prefix="member"),
    }
    context = {
        "forms": {**forms, **filled_in},
        "connections": [
            _section(workspace, connection, filled_in.get(code))
            for code, connection in CONNECTIONS.items()
        ],
        "memberships": workspace.memberships.select_related("user").order_by("created_at", "pk"),
        "invitations": invitations.open_ones(workspace),
        "roles": Role.choices,
    }
    return render(request, "workspaces/settings.html", context)


def _section(workspace, connection, form) -> dict:
    """Return what the page shows of a provider. form: one that was not right, or None."""
    stored, trouble = accounts.stored_account(workspace, connection)
    return {
        "connection": connection,
        "form": form or connection.form(stored=stored),
        "is_stored": stored is not None,
        "trouble": trouble,
    }


@workspace_member(role=Role.ADMIN)
@require_safe
def show_settings(request):
    """GET .../settings"""
    return settings_page(request)


@workspace_member(role=Role.ADMIN)
@posted_from("settings")
def rename(request):
    """POST .../settings/general"""
    form = GeneralForm(request.POST)
    if form.is_valid():
        old_slug = request.workspace.slug
        try:
            administration.rename(workspace=request.workspace, by=request.user, **form.cleaned_data)
        except SlugTaken as error:
            request.workspace.refresh_from_db()
            form.add_error("slug", str(error))
            return settings_page(request, general=form)
        return saved(request, _renamed(old_slug, request.workspace.slug))
    return settings_page(request, general=form)


@workspace_member(role=Role.ADMIN)
@posted_from("settings")
def pause(request):
    """POST .../settings/pause"""
    administration.set_paused(workspace=request.workspace, is_paused=True, by=request.user)
    return saved(request, "The agent is paused. Leads are saved, and nobody is called.")


@workspace_member(role=Role.ADMIN)
@posted_from("settings")
def resume(request):
    """POST .../settings/resume"""
    administration.set_paused(workspace=request.workspace, is_paused=False, by=request.user)
    return saved(
        request,
        "The agent calls again. Leads that came in meanwhile are not called by themselves: "
        "use “Call again” on their pages.",
    )


@workspace_member(role=Role.ADMIN)
@posted_from("settings")
def set_limits(request):
    """POST .../settings/limits"""
    form = LimitsForm(request.POST, prefix="limits")
    if not form.is_valid():
        return settings_page(request, limits=form)
    administration.change_settings(
        workspace=request.workspace, by=request.user, **form.cleaned_data
    )
    return saved(request, "The limits are saved.")


@workspace_member(role=Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def delete_workspace(request):
    """GET .../settings/delete says what it will do; POST with the slug typed does it."""
    form = DeletionForm(request.POST or None, workspace=request.workspace)
    if not form.is_valid():
        return render(request, "workspaces/delete.html", {"form": form})
    name = request.workspace.name
    administration.delete_workspace(workspace=request.workspace, by=request.user)
    messages.success(request, f"{name} is deleted, with everything in it.")
    return redirect("home")


def _renamed(old_slug: str, slug: str) -> str:
    if slug == old_slug:
        return "The name is saved."
    return f"The slug is {slug} now. Links with {old_slug} do not work any more."


def saved(request, sentence: str):
    messages.success(request, sentence)
    return redirect("settings", slug=request.workspace.slug)
