"""The members of a workspace: buttons of the settings page."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from workspaces.access import workspace_member
from workspaces.forms.settings import MemberForm, RoleForm
from workspaces.members import roles
from workspaces.models import Role
from workspaces.views.settings import settings_page


@workspace_member(role=Role.ADMIN)
@require_POST
def add_member(request):
    """POST .../settings/members/add"""
    form = MemberForm(request.POST, prefix="member")
    if not form.is_valid():
        return settings_page(request, member=form)
    try:
        added = roles.add_member(
            workspace=request.workspace, by=request.membership, **form.cleaned_data
        )
    except roles.CannotChange as error:
        form.add_error(None, str(error))
        return settings_page(request, member=form)
    _tell(request, added)
    return redirect("settings", slug=request.workspace.slug)


@workspace_member(role=Role.ADMIN)
@require_POST
def change_role(request, membership_id):
    """POST .../settings/members/<id>/role"""
    membership = _membership(request, membership_id)
    form = RoleForm(request.POST)
    try:
        if form.is_valid():
            role = form.cleaned_data["role"]
            changed = roles.change_role(membership=membership, role=role, by=request.membership)
            word = changed.role_word
            messages.success(request, f"The role of {membership.user} is {word} now.")
    except roles.CannotChange as error:
        messages.error(request, str(error))
    return redirect("settings", slug=request.workspace.slug)


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_member(request, membership_id):
    """GET .../settings/members/<id>/remove says what it will do; POST does it."""
    membership = _membership(request, membership_id)
    if request.method != "POST":
        return render(request, "workspaces/member_remove.html", {"member": membership})
    try:
        roles.remove_member(membership=membership, by=request.membership)
    except roles.CannotChange as error:
        messages.error(request, str(error))
        return redirect("settings", slug=request.workspace.slug)
    messages.success(request, f"{membership.user} is not a member any more.")
    if membership.user == request.user:
        return redirect("home")
    return redirect("settings", slug=request.workspace.slug)


def _membership(request, membership_id):
    return get_object_or_404(
        request.workspace.memberships.select_related("user", "workspace"), pk=membership_id
    )


def _tell(request, added: roles.Added) -> None:
    user = added.membership.user
    if added.is_mailed:
        messages.success(request, f"{user} is a member now, and is told by mail.")
    else:
        messages.warning(
            request,
            f"{user} is a member now, but no mail can be sent to them: tell them yourself. Who "
            f"runs this Coachbot sets a first password with: manage.py changepassword {user}",
        )
