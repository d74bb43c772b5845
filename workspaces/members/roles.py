"""What members may do to each other: roles, and the end of a membership. Each change writes one
log row. How somebody becomes a member is in invitations.py and acceptance.py, beside this.

Admins look after members and admins; only owners make and unmake owners. A workspace
always has an owner.
"""

from django.db import transaction

from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.members import owners
from workspaces.models import Membership, Role


class CannotChange(Exception):
    """The members must not be changed that way; `str()` says why."""


def change_role(*, membership: Membership, role: str, by: Membership) -> Membership:
    """Give a member another role. Return the member as it is then. Raises CannotChange."""
    with transaction.atomic():
        member, by = locked(membership.workspace_id, membership, by)
        require_right(by, member.role, role)
        if role != Role.OWNER:
            require_another_owner(member)
        member.role = role
        member.save(update_fields=["role"])
    _log(by, Action.CHANGE_ROLE, member)
    return member


def remove_member(*, membership: Membership, by: Membership) -> None:
    """End a membership; the person's next request finds nothing here. Raises CannotChange."""
    with transaction.atomic():
        member, by = locked(membership.workspace_id, membership, by)
        require_right(by, member.role)
        require_another_owner(member)
        Membership.objects.filter(pk=member.pk).delete()
    _log(by, Action.REMOVE_MEMBER, member)


def locked(workspace_id: int, *memberships: Membership) -> list[Membership]:
    """Lock a workspace's members until the transaction ends, and return some as they are now.

    What a request read at its beginning may be another one's past. Raises CannotChange where one
    of them is no member any more.
    """
    members = Membership.objects.select_related("user", "workspace")
    owners.lock([workspace_id])
    now = members.filter(workspace_id=workspace_id).in_bulk([given.pk for given in memberships])
    if len(now) < len({given.pk for given in memberships}):
        raise CannotChange("That is not a member any more.")
    return [now[given.pk] for given in memberships]


def require_right(by: Membership, *roles: str) -> None:
    """Raise CannotChange where a member may not give or take one of the roles."""
    if not by.is_admin:
        raise CannotChange("Only an admin or an owner can do that.")
    if Role.OWNER in roles and not by.is_owner:
        raise CannotChange("Only an owner can make, change or remove an owner.")


def require_another_owner(member: Membership) -> None:
    """Raise CannotChange for the last owner, once members are locked."""
    if owners.would_lack(member.workspace, given_up=[member.pk]):
        raise CannotChange(owners.NEEDS_OWNER)


def _log(by: Membership, action: Action, membership: Membership) -> None:
    record.action(
        workspace_id=by.workspace_id,
        actor=by.user,
        action=action,
        member=membership.user.email,
        role=membership.role_word,
    )
