"""The settings of a workspace: /admin/<slug>/settings, and an address below it for each section.

A form that is filled in wrongly shows its section again, with what was typed.
"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from coachbot.http.pages.form_pages import posted_from
from workspaces.access import workspace_member
from workspaces.forms.persona import PersonaForm
from workspaces.forms.settings.general import DeletionForm, GeneralForm, TimeZoneForm
from workspaces.models import Role, Workspace
from workspaces.settings import administration, personas
from workspaces.settings.taken_slugs import SlugTaken
from workspaces.views import sections

PAGE_AND_FORM = ["GET", "HEAD", "POST"]


@workspace_member(role=Role.ADMIN)
@require_http_methods(PAGE_AND_FORM)
def general(request):
    """GET .../settings and .../settings/general; POST gives the workspace its name and slug."""
    if request.method != "POST":
        return sections.page(request, "general")
    form = GeneralForm(request.POST)
    if form.is_valid():
        old_slug = request.workspace.slug
        try:
            administration.rename(workspace=request.workspace, by=request.user, **form.cleaned_data)
        except SlugTaken as error:
            request.workspace.refresh_from_db()
            form.add_error("slug", str(error))
        else:
            sentence = _renamed(old_slug, request.workspace.slug)
            return sections.saved(request, "general", sentence, part="name")
    return sections.page(request, "general", form=form)


@workspace_member(role=Role.ADMIN)
@require_http_methods(PAGE_AND_FORM)
def set_time_zone(request):
    """POST .../settings/time-zone; GET shows the section that its form stands in."""
    if request.method != "POST":
        return sections.page(request, "general")
    form = TimeZoneForm(request.POST)
    if not form.is_valid():
        return sections.page(request, "general", zone_form=form)
    administration.change_settings(
        workspace=request.workspace, by=request.user, **form.cleaned_data
    )
    return sections.saved(request, "general", "The time zone is saved.", part="time_zone")


@workspace_member(role=Role.ADMIN)
@posted_from("settings")
def pause(request):
    """POST .../settings/pause"""
    administration.set_paused(workspace=request.workspace, is_paused=True, by=request.user)
    return sections.saved(
        request,
        "general",
        f"The agent is paused. Leads are saved, and nobody is {_contacted(request.workspace)}.",
    )


@workspace_member(role=Role.ADMIN)
@posted_from("settings")
def resume(request):
    """POST .../settings/resume"""
    administration.set_paused(workspace=request.workspace, is_paused=False, by=request.user)
    return sections.saved(
        request,
        "general",
        f"The agent {'calls' if request.workspace.is_voice else 'writes'} again. Leads that came "
        f"in meanwhile are not {_contacted(request.workspace)} by themselves: "
        f"{'call' if request.workspace.is_voice else 'write to'} them, choose, or leave them.",
    )


@workspace_member(role=Role.ADMIN)
@require_http_methods(PAGE_AND_FORM)
def change(request, section):
    """GET and POST .../settings/<section>, of a section whose form has settings by their names.

    What would erase leads is asked first: `agreed` is the answer yes, `again` the way back.
    """
    if request.method != "POST":
        return sections.page(request, section.code)
    form = section.form_of(request.workspace, request.POST)
    if not form.is_valid() or "again" in request.POST:
        return sections.page(request, section.code, form=form)
    try:
        administration.change_settings(
            workspace=request.workspace,
            by=request.user,
            may_erase="agreed" in request.POST,
            **form.cleaned_data,
        )
    except administration.WouldErase as error:
        context = {"form": form, "loss": error.loss}
        return render(request, "workspaces/settings_erase.html", context)
    return sections.saved(request, section.code, section.saved)


@workspace_member(role=Role.ADMIN)
@require_http_methods(PAGE_AND_FORM)
def change_persona(request):
    """GET and POST .../settings/persona: who the agent is, and what it may say."""
    if request.method != "POST":
        return sections.page(request, "persona")
    form = PersonaForm(request.POST)
    if not form.is_valid():
        return sections.page(request, "persona", form=form)
    personas.change(workspace=request.workspace, by=request.user, **form.cleaned_data)
    return sections.saved(request, "persona", "It is saved. The agent goes by it from now on.")


@workspace_member(role=Role.OWNER)
@require_http_methods(PAGE_AND_FORM)
def delete_workspace(request):
    """GET .../settings/delete says what it will do; POST with the slug typed does it."""
    if request.method != "POST":
        return sections.page(request, "delete")
    form = DeletionForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return sections.page(request, "delete", form=form)
    name = request.workspace.name
    administration.delete_workspace(workspace=request.workspace, by=request.user)
    messages.success(request, f"{name} is deleted, with everything in it.")
    return redirect("home")


def _contacted(workspace: Workspace) -> str:
    return "called" if workspace.is_voice else "written to"


def _renamed(old_slug: str, slug: str) -> str:
    if slug == old_slug:
        return "The name is saved."
    return (
        f"The slug is {slug} now. Links with {old_slug} do not work any more, but those to the "
        "form lead on to its new address."
    )
