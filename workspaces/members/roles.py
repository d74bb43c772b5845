"""Who belongs to a workspace, in which role. Each change writes one log row.

Admins look after agents and admins; only owners make and unmake owners. A workspace
always has an owner.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.members import invitation, owners
from workspaces.models import Membership, Role, User, Workspace
from workspaces.rate_limits import windows


class CannotChange(Exception):
    """The members must not be changed that way; `str()` says why."""


@dataclass(frozen=True)
class Added:
    """A new member, and whether a mail will say so."""

    membership: Membership
    is_mailed: bool


def add_member(*, workspace: Workspace, email: str, role: str, by: Membership) -> Added:
    """Add a person and tell them by mail, with a link to set a password if they have none.

    Whether the person had an account before is not told by the time it takes. Raises CannotChange.
    """
    try:
        windows.count_invitation(workspace.pk, by.user_id, email)
    except windows.RateLimited as limited:
        raise CannotChange(
            f"Too many people were invited. Try again in {limited.minutes} min."
        ) from limited
    try:
        with transaction.atomic():
            [by] = _locked(workspace.pk, by)
            _require_right(by, role)
            user, _ = User.objects.get_or_make(email)
            membership = Membership.objects.create(workspace=workspace, user=user, role=role)
            is_mailed = invitation.send(membership, by.user)
    except IntegrityError as error:
        raise CannotChange(f"{email} is a member already.") from error
    _log(by, Action.ADD_MEMBER, membership)
    return Added(membership, is_mailed)


def change_role(*, membership: Membership, role: str, by: Membership) -> Membership:
    """Give a member another role. Return the member as it is then. Raises CannotChange."""
    with transaction.atomic():
        member, by = _locked(membership.workspace_id, membership, by)
        _require_right(by, member.role, role)
        if role != Role.OWNER:
            _require_another_owner(member)
        member.role = role
        member.save(update_fields=["role"])
    _log(by, Action.CHANGE_ROLE, member)
    return member


def remove_member(*, membership: Membership, by: Membership) -> None:
    """End a membership; the person's next request finds nothing here. Raises CannotChange."""
    with transaction.atomic():
        member, by = _locked(membership.workspace_id, membership, by)
        _require_right(by, member.role)
        _require_another_owner(member)
        Membership.objects.filter(pk=member.pk).delete()
    _log(by, Action.REMOVE_MEMBER, member)


def _locked(workspace_id: int, *memberships: Membership) -> list[Membership]:
    """Lock a workspace's members until the transaction ends, and return some as they are now.

    What a request read at its beginning may be another one's past.
    """
    members = Membership.objects.select_related("user", "workspace")
    owners.lock([workspace_id])
    now = members.filter(workspace_id=workspace_id).in_bulk([given.pk for given in memberships])
    if len(now) < len({given.pk for given in memberships}):
        raise CannotChange("That is not a member any more.")
    return [now[given.pk] for given in memberships]


def _require_right(by: Membership, *roles: str) -> None:
    if not by.is_admin:
        raise CannotChange("Only an admin or an owner can do that.")
    if Role.OWNER in roles and not by.is_owner:
        raise CannotChange("Only an owner can make, change or remove an owner.")


def _require_another_owner(member: Membership) -> None:
    """Raise CannotChange for the last owner, once members are locked."""
    if owners.would_lack(member.workspace, given_up=[member.pk]):
        raise CannotChange(owners.NEEDS_OWNER)


def _log(by: Membership, action: Action, membership: Membership) -> None:
    record.action(
        workspace_id=by.workspace_id,
        actor=by.user,
        action=action,
        member=membership.user.email,
        role=membership.role,
    )
