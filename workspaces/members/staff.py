"""Platform staff in a workspace: members like others, so that access is decided in one place.

They join by themselves, and its log says so. Who may do that is asked by the staff pages.
"""

from django.db import transaction

from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.members import owners, roles
from workspaces.models import Membership, User, Workspace


def membership_of(workspace: Workspace, user: User) -> Membership | None:
    """Return the user's place in a workspace, None without one."""
    return workspace.memberships.select_related("user", "workspace").filter(user=user).first()


def join(*, workspace: Workspace, user: User, role: str) -> Membership:
    """Make a user of the staff a member. Who is one already keeps their role."""
    with transaction.atomic():
        owners.lock([workspace.pk])
        membership, is_new = Membership.objects.get_or_create(
            workspace=workspace, user=user, defaults={"role": role}
        )
    if is_new:
        _log(membership, Action.JOIN_AS_STAFF)
    return membership


def leave(*, workspace: Workspace, user: User) -> None:
    """End a user's own membership, if there is one. Raises CannotChange for the last owner."""
    with transaction.atomic():
        owners.lock([workspace.pk])
        membership = membership_of(workspace, user)
        if membership is None:
            return
        roles.require_another_owner(membership)
        Membership.objects.filter(pk=membership.pk).delete()
    _log(membership, Action.LEAVE_AS_STAFF)


def _log(membership: Membership, action: Action) -> None:
    record.action(
        workspace_id=membership.workspace_id,
        actor=membership.user,
        action=action,
        member=membership.user.email,
        role=membership.role_word,
    )
