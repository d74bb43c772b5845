"""Who belongs to a workspace, in which role. Each change writes one log row.

Admins look after agents and admins; only owners make and unmake owners. A workspace
always has an owner.
"""

import logging
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from coachbot.visible import without_turning
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.models import Membership, Role, User, Workspace

logger = logging.getLogger(__name__)


class CannotChange(Exception):
    """The members must not be changed that way; `str()` says why."""


@dataclass(frozen=True)
class Added:
    """A new member, and whether the mail that says so could be sent."""

    membership: Membership
    is_mailed: bool


def add_member(*, workspace: Workspace, email: str, role: str, by: Membership) -> Added:
    """Add a person and tell them by mail, with a link to set a password if they have none.

    Raises CannotChange.
    """
    _require_right(by, role)
    try:
        with transaction.atomic():
            user = User.objects.filter(email__iexact=email).first()
            user = user or User.objects.create_user(email)
            membership = Membership.objects.create(workspace=workspace, user=user, role=role)
    except IntegrityError as error:
        raise CannotChange(f"{email} is a member already.") from error
    _log(by, Action.ADD_MEMBER, membership)
    return Added(membership, _tell(membership, by.user))


def change_role(*, membership: Membership, role: str, by: Membership) -> None:
    """Give a member another role. Raises CannotChange."""
    _require_right(by, membership.role, role)
    with transaction.atomic():
        if membership.role == Role.OWNER and role != Role.OWNER:
            _require_another_owner(membership)
        membership.role = role
        membership.save(update_fields=["role"])
    _log(by, Action.CHANGE_ROLE, membership)


def remove_member(*, membership: Membership, by: Membership) -> None:
    """End a membership; the person's next request finds nothing here. Raises CannotChange."""
    _require_right(by, membership.role)
    with transaction.atomic():
        if membership.role == Role.OWNER:
            _require_another_owner(membership)
        membership.delete()
    _log(by, Action.REMOVE_MEMBER, membership)


def _require_right(by: Membership, *roles: str) -> None:
    if Role.OWNER in roles and not by.is_owner:
        raise CannotChange("Only an owner can make, change or remove an owner.")


def _require_another_owner(membership: Membership) -> None:
    """Lock the workspace, so that two owners cannot remove each other at once."""
    workspace = Workspace.objects.select_for_update().get(pk=membership.workspace_id)
    owners = workspace.memberships.filter(role=Role.OWNER).exclude(pk=membership.pk)
    if not owners.exists():
        raise CannotChange("A workspace needs an owner. Make somebody else an owner first.")


def _tell(membership: Membership, inviter: User) -> bool:
    user = membership.user
    context = {
        "workspace": membership.workspace,
        "inviter": inviter,
        "role": membership.get_role_display(),
        "link": settings.PUBLIC_BASE_URL + _path_to_begin(user),
        "is_new": not user.has_usable_password(),
    }
    text = render_to_string("workspaces/invitation.txt", context)
    try:
        name = without_turning(membership.workspace.name)  # stored before names were one line
        send_mail(f"You were added to {name}", text, None, [user.email])
    except (OSError, ValueError, smtplib.SMTPException):  # ValueError: an address no mail can go to
        logger.exception("The mail to new member %s could not be sent", user.pk)
        return False
    return True


def _path_to_begin(user: User) -> str:
    if user.has_usable_password():
        return reverse("sign_in")
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return reverse("password_reset_confirm", kwargs={"uidb64": uid, "token": token})


def _log(by: Membership, action: Action, membership: Membership) -> None:
    record.action(
        workspace_id=by.workspace_id,
        actor=by.user,
        action=action,
        member=membership.user.email,
        role=membership.role,
    )
