"""The members of a workspace and who is invited: /admin/<slug>/settings/members."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from coachbot.http.pages.form_pages import posted_from
from coachbot.http.pages.sent_once import ShownOnce
from workspaces.access import workspace_member
from workspaces.forms.members import MemberForm, RoleForm
from workspaces.members import invitations, roles
from workspaces.models import Role
from workspaces.views import sections


@workspace_member(role=Role.ADMIN)
@require_safe
def show_members(request):
    """GET .../settings/members"""
    return sections.page(request, "members")


@workspace_member(role=Role.ADMIN)
@posted_from("members")
def invite_member(request):
    """POST .../settings/members/invite"""
    form = MemberForm(request.POST, prefix="member")
    if not form.is_valid():
        return sections.page(request, "members", form=form)
    try:
        sent = invitations.invite(
            workspace=request.workspace, by=request.membership, **form.cleaned_data
        )
    except roles.CannotChange as error:
        form.add_error(None, str(error))
        return sections.page(request, "members", form=form)
    return _sent(request, sent)


@workspace_member(role=Role.ADMIN)
@posted_from("members")
def resend_invitation(request, invitation_id):
    """POST .../settings/members/invitations/<id>/resend"""
    invitation = _invitation(request, invitation_id)
    try:
        sent = invitations.resend(invitation=invitation, by=request.membership)
    except roles.CannotChange as error:
        messages.error(request, str(error))
        return _to_members(request)
    return _sent(request, sent)


@workspace_member(role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_invitation(request, invitation_id):
    """GET .../settings/members/invitations/<id>/revoke says what it will do; POST does it."""
    invitation = _invitation(request, invitation_id)
    if request.method != "POST":
        context = {"invitation": invitation}
        return render(request, "workspaces/invitation_revoke.html", context)
    try:
        invitations.revoke(invitation=invitation, by=request.membership)
    except roles.CannotChange as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The invitation of {invitation.email} is revoked.")
    return _to_members(request)


@workspace_member(role=Role.ADMIN)
@posted_from("members")
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
    return _to_members(request)


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
        return _to_members(request)
    messages.success(request, f"{membership.user} is not a member any more.")
    if membership.user == request.user:
        return redirect("home")
    return _to_members(request)


def _membership(request, membership_id):
    return get_object_or_404(
        request.workspace.memberships.select_related("user", "workspace"), pk=membership_id
    )


def _invitation(request, invitation_id):
    return get_object_or_404(request.workspace.invitations, pk=invitation_id)


def _sent(request, sent: invitations.Sent):
    """Return the only page that ever shows the link, or, where a mail brings it, say so."""
    if sent.link:
        context = {"invitation": sent.invitation, "link": sent.link}
        return ShownOnce(
            render_to_string("workspaces/invitation_link.html", context, request),
            page=reverse("members", args=[request.workspace.slug]),
            said=f"{sent.invitation.email} was already invited, and the link is shown only once. "
            "If you did not see it, make a new one.",
        )
    messages.success(
        request, f"{sent.invitation.email} is invited, and gets a mail with a link to accept."
    )
    return _to_members(request)


def _to_members(request):
    return redirect("members", slug=request.workspace.slug)
