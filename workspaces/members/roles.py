"""What members may do to each other: roles, and the end of a membership. Each change writes one
log row. How somebody becomes a member is in invitations.py and acceptance.py, beside this.

Admins look after members and admins; only owners make and unmake owners. A workspace
always has an owner.
"""

from django.db import transaction

from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import Membership, Role, Workspace


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


def lock(workspace_id: int) -> None:
    """Have one change of a workspace's members made at a time, until the transaction ends.

    PostgreSQL waits at this row, SQLite has one writer.
    """
    list(Workspace.objects.select_for_update(no_key=True).filter(pk=workspace_id))


def locked(workspace_id: int, *memberships: Membership) -> list[Membership]:
    """Lock a workspace's members until the transaction ends, and return some as they are now.

    What a request read at its beginning may be another one's past. Raises CannotChange where one
    of them is no member any more.
    """
    members = Membership.objects.select_related("user", "workspace")
    lock(workspace_id)
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
    owners = Membership.objects.filter(workspace_id=member.workspace_id, role=Role.OWNER)
    if member.role == Role.OWNER and not owners.exclude(pk=member.pk).exists():
        raise CannotChange("A workspace needs an owner. Make somebody else an owner first.")


def _log(by: Membership, action: Action, membership: Membership) -> None:
    record.action(
        workspace_id=by.workspace_id,
        actor=by.user,
        action=action,
        member=membership.user.email,
        role=membership.role_word,
    )
