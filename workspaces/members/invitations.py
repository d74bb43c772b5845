"""Invitations: what members send to people who are to be members. Each change writes one log row.

The link holds a token; of that, database and sessions have the digest alone. How one is accepted
is in acceptance.py, beside this.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse

from coachbot.db import clock
from workspaces.log import record
from workspaces.log.actions import Action
from workspaces.members import invitation_mail, roles
from workspaces.members.roles import CannotChange
from workspaces.models import Invitation, Membership, Workspace
from workspaces.rate_limits import windows

LASTS = timedelta(days=7)
# How long after its last day a row tells that there was an invitation.
KEPT = timedelta(days=90)
OPEN = Q(accepted_at=None, revoked_at=None)


class State(models.TextChoices):
    """Whether an invitation can be accepted, and if not, why."""

    PENDING = "pending", "Pending"
    EXPIRED = "expired", "Expired"
    VOID = "void", "Void"  # who sent it is no member any more, or may not invite to that role
    REVOKED = "revoked", "Revoked"
    ACCEPTED = "accepted", "Accepted"
    UNKNOWN = "unknown", "Unknown"  # never sent, or sent again with another link


@dataclass(frozen=True)
class Sent:
    """An invitation, and the link to hand over where no mail will: "" where one does."""

    invitation: Invitation
    link: str


@dataclass(frozen=True)
class Listed:
    """An invitation and its state."""

    invitation: Invitation
    state: State

    @property
    def is_void(self) -> bool:
        return self.state == State.VOID

    @property
    def is_expired(self) -> bool:
        return self.state == State.EXPIRED

    @property
    def is_mailed(self) -> bool:
        """Return whether sending it again makes a mail, and not a link to hand over."""
        return not settings.MAIL_IS_PRINTED


def invite(*, workspace: Workspace, email: str, role: str, by: Membership) -> Sent:
    """Invite an address to a role. email: folded.

    Neither the answer nor its time tells whether the address has an account. Raises CannotChange.
    """
    _count(workspace.pk, email, by)
    try:
        with transaction.atomic():
            [by] = roles.locked(workspace.pk, by)
            roles.require_right(by, role)
            if workspace.memberships.filter(user__email=email).exists():
                raise CannotChange(f"{email} is a member already.")
            sent = _send(Invitation(workspace=workspace, email=email, role=role), by)
    except IntegrityError as error:
        raise CannotChange(
            f"{email} is invited already. Send that invitation again, or revoke it first."
        ) from error
    log(by, Action.INVITE_MEMBER, sent.invitation)
    return sent


def resend(*, invitation: Invitation, by: Membership) -> Sent:
    """Send an open invitation again, as one of `by`: with a new link, for seven days from now on.

    The link before stops working. Raises CannotChange.
    """
    _count(invitation.workspace_id, invitation.email, by)
    with transaction.atomic():
        [by] = roles.locked(invitation.workspace_id, by)
        roles.require_right(by, invitation.role)
        sent = _send(_still_open(invitation), by)
    log(by, Action.RESEND_INVITATION, sent.invitation)
    return sent


def revoke(*, invitation: Invitation, by: Membership) -> None:
    """Take an open invitation back; its link stops working. Raises CannotChange."""
    with transaction.atomic():
        [by] = roles.locked(invitation.workspace_id, by)
        roles.require_right(by, invitation.role)
        invitation = _still_open(invitation)
        invitation.revoked_at = clock.now()
        invitation.save(update_fields=["revoked_at"])
    log(by, Action.REVOKE_INVITATION, invitation)


def open_ones(workspace: Workspace) -> list[Listed]:
    """Return a workspace's invitations that nobody accepted or revoked, the oldest first."""
    rows = workspace.invitations.filter(OPEN).select_related("inviter__user")
    now = clock.now()
    return [Listed(row, state_of(row, now)) for row in rows.order_by("created_at", "pk")]


def state_of(invitation: Invitation, now: datetime) -> State:
    """Return whether an invitation can be accepted at a moment, and if not, why."""
    if invitation.accepted_at:
        return State.ACCEPTED
    if invitation.revoked_at:
        return State.REVOKED
    if invitation.expires_at <= now:
        return State.EXPIRED
    return State.PENDING if _is_stood_for(invitation) else State.VOID


def digest_of(token: str) -> str:
    """Return what stands for a token wherever it is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def forget_old() -> None:
    """Delete the rows of invitations whose time was over long ago, whatever became of them."""
    Invitation.objects.filter(expires_at__lt=clock.now() - KEPT).delete()


def _count(workspace_id: int, email: str, by: Membership) -> None:
    try:
        windows.count_invitation(workspace_id, by.user_id, email)
    except windows.RateLimited as limited:
        raise CannotChange(
            f"Too many people were invited. Try again in {limited.minutes} min."
        ) from limited


def _send(invitation: Invitation, by: Membership) -> Sent:
    """Give an invitation a new token and have it mailed, in the name of `by`."""
    token = secrets.token_urlsafe(32)
    invitation.token_digest = digest_of(token)
    invitation.inviter = by
    invitation.expires_at = clock.now() + LASTS
    invitation.save()
    link = settings.PUBLIC_BASE_URL + reverse("open_invitation", args=[token])
    try:
        invitation_mail.send(invitation, by.user, link)
    except ValueError as error:
        raise CannotChange(f"No mail can be written to {invitation.email}.") from error
    # Only then: a mail also proves whose address it is, which a link that is handed over cannot.
    return Sent(invitation, link if settings.MAIL_IS_PRINTED else "")


def _still_open(invitation: Invitation) -> Invitation:
    """Return an invitation as it is now, once members are locked."""
    row = Invitation.objects.select_related("workspace").filter(OPEN, pk=invitation.pk).first()
    if row is None:
        raise CannotChange("That invitation is not open any more.")
    return row


def _is_stood_for(invitation: Invitation) -> bool:
    """Tell whether who sent an invitation may still do that."""
    inviter = invitation.inviter
    if inviter is None or not inviter.user.is_active:
        return False
    try:
        roles.require_right(inviter, invitation.role)
    except CannotChange:
        return False
    return True


def log(by: Membership, action: Action, invitation: Invitation) -> None:
    """Write what a member did about an invitation."""
    record.action(
        workspace_id=invitation.workspace_id,
        actor=by.user,
        action=action,
        member=invitation.email,
        role=invitation.role_word,
    )
